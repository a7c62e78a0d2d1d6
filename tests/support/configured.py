"""What the bridges of the contract's tests are configured with, as the tests name it."""

from collections.abc import Callable

from tests.support.bridge import Config

ALIAS = "game.example.com:9339"
ORIGIN = "https://play.example.com"
FOREIGN_ORIGIN = "https://evil.example.net"

MakeConfig = Callable[..., Config]

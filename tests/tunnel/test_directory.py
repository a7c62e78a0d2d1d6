"""Daemons are found by name or alias, compared exactly."""

import pytest

from bridge.errors import Problem
from bridge.protocol.checks import Guard
from bridge.tunnel.directory import Daemon, Directory

GUARD = Guard("text", 9)
CHAT = Daemon("chat", "127.0.0.1", 9339, GUARD, ("game.example.com:9339", "Chat"))
GAME = Daemon("game", "127.0.0.1", 9340, GUARD)
DIRECTORY = Directory([CHAT, GAME])


@pytest.mark.parametrize("name", ["chat", "game.example.com:9339", "Chat"])
def test_a_daemon_is_found_by_its_name_and_each_alias(name: str) -> None:
    assert DIRECTORY.find(name) is CHAT


@pytest.mark.parametrize("name", ["", "CHAT", "chat ", "game.example.com", "127.0.0.1:9339"])
def test_any_other_name_is_unknown(name: str) -> None:
    with pytest.raises(Problem, match="no daemon or alias") as caught:
        DIRECTORY.find(name)
    assert caught.value.code == "unknown-daemon"


def test_the_daemons_are_told_once_each_in_their_order() -> None:
    assert list(DIRECTORY) == [CHAT, GAME]

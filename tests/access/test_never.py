"""The question for a policy keeps to the daemon's `never`."""

import socket
from collections.abc import Sequence

import pytest

from bridge.access.doors import DoorBuilder
from bridge.access.policy import Unknown
from bridge.config import Config
from tests.support.daemon import listening_socket


async def look_up(host: str) -> Sequence[str]:
    return ["127.0.0.1"]


async def standing_of(listening: socket.socket, never: list[str]) -> object:
    port: int = listening.getsockname()[1]
    daemon = {"address": f"game.example.com:{port}", "policy_port": port, "never": never}
    config = Config.model_validate({"policy_timeout_s": 0.05, "daemons": {"game": daemon}})
    builder = DoorBuilder(config, look_up, lambda: 0.0)
    return await builder.inquiry("game", "game.example.com", port).ask()


async def test_a_name_that_leads_inward_is_not_asked_for_a_policy() -> None:
    with listening_socket() as listening:
        assert isinstance(await standing_of(listening, ["private"]), Unknown)
        with pytest.raises(BlockingIOError):
            listening.accept()


async def test_a_name_that_leads_elsewhere_is_asked() -> None:
    with listening_socket() as listening:
        await standing_of(listening, ["10.0.0.0/8"])
        listening.accept()[0].close()

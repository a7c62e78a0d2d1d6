"""Bridges on a host that runs short of something, each on both event loops it may run on."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.bridge import Config, RunningBridge, StartBridge, bridge_starter

WITHOUT_UVLOOP = str(Path(__file__).parent / "without_uvloop")


@pytest.fixture(params=["served", "asyncio"])
def loop_environment(request: pytest.FixtureRequest) -> dict[str, str]:
    """What makes a bridge run on the event loop that `serve` prefers, or on asyncio's."""
    return {} if request.param == "served" else {"PYTHONPATH": WITHOUT_UVLOOP}


@pytest.fixture
def start(
    tmp_path_factory: pytest.TempPathFactory, loop_environment: dict[str, str]
) -> Iterator[StartBridge]:
    """Starts bridges of one test; at its end they are stopped and their logs looked through."""
    with bridge_starter(lambda: tmp_path_factory.mktemp("bridge")) as start_bridge:

        def start(config: Config, **options: Any) -> RunningBridge:
            environment = {**loop_environment, **options.pop("environment", {})}
            return start_bridge(config, environment=environment, **options)

        yield start


@pytest.fixture
def config(daemon_socket: socket.socket) -> Config:
    """`chat` is the scripted daemon."""
    return {
        "wait_s": 10,
        "flush_s": 0.3,
        "shutdown_s": 0.5,
        "daemons": {
            "chat": {
                "address": f"127.0.0.1:{daemon_socket.getsockname()[1]}",
                "messages": "text",
            },
        },
    }

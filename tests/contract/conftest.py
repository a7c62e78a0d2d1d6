"""The bridges that the tests of the wire contract talk to.

A module that needs other times or bounds overrides `bridge` by a fixture of its own.
"""

import socket
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.bridge import Config, RunningBridge, bridge_starter
from tests.support.clients import PATIENTLY_S, Client, Session
from tests.support.configured import ALIAS, ORIGIN, MakeConfig
from tests.support.daemon import ScriptedDaemon


@pytest.fixture(scope="session")
def config(daemon_socket: socket.socket, dead_port: int, silent_port: int) -> MakeConfig:
    """Makes configurations: the defaults of the tests, with the given keys changed.

    `chat` (text), `strict` (xml) and `blob` (bytes) all lead to the scripted daemon.
    """
    scripted = f"127.0.0.1:{daemon_socket.getsockname()[1]}"

    def make(**changes: object) -> Config:
        return {
            "wait_s": PATIENTLY_S,
            "resume_s": 30,
            "heartbeat_s": 10,
            "shutdown_s": 0.5,
            "flush_s": 2,
            "daemons": {
                "chat": {
                    "address": scripted,
                    "messages": "text",
                    "aliases": [ALIAS],
                    "origins": [ORIGIN],
                },
                "strict": {"address": scripted, "messages": "xml", "origins": [ORIGIN]},
                "blob": {"address": scripted, "messages": "bytes", "origins": [ORIGIN]},
                "dead": {"address": f"127.0.0.1:{dead_port}"},
                "silent": {"address": f"127.0.0.1:{silent_port}"},
            },
            **changes,
        }

    return make


@pytest.fixture(scope="session")
def bridge(config: MakeConfig, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBridge]:
    """A bridge with the defaults of the tests, shared by all modules that change nothing."""
    with bridge_starter(lambda: tmp_path_factory.mktemp("bridge")) as start:
        yield start(config(connect_timeout_s=0.5))


@pytest.fixture
async def client(bridge: RunningBridge) -> AsyncIterator[Client]:
    async with Client(bridge.url) as connected:
        yield connected
    bridge.assert_no_traceback()


@pytest.fixture
async def session(client: Client, daemon: ScriptedDaemon) -> Session:
    """A session with the text daemon, which is silent unless the test says otherwise."""
    return await client.open("chat")

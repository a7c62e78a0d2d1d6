"""The daemon, which is told the client's address, shows whom the bridge takes a client for."""

import socket

import pytest

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client
from tests.support.daemon import ScriptedDaemon

FORWARDED = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}


def bridge_of(start: StartBridge, daemon: socket.socket, **keys: object) -> RunningBridge:
    """A bridge that greets the daemon with the client's address."""
    game = {"address": f"127.0.0.1:{daemon.getsockname()[1]}", "greeting": "<from a='{address}'/>"}
    return start({"daemons": {"game": game}, **keys})


@pytest.mark.parametrize(
    ("trusted", "address"),
    [([], b"127.0.0.1"), (["10.0.0.0/8"], b"127.0.0.1"), (["127.0.0.1"], b"198.51.100.7")],
)
async def test_a_trusted_proxy_says_who_the_client_is(
    start_bridge: StartBridge,
    daemon_socket: socket.socket,
    daemon: ScriptedDaemon,
    trusted: list[str],
    address: bytes,
) -> None:
    bridge = bridge_of(start_bridge, daemon_socket, trusted_proxies=trusted)
    async with Client(bridge.url) as client:
        await client.post_open("game", headers=FORWARDED)
        await (await daemon.accepted()).received_messages(b"<from a='" + address + b"'/>")

"""What a daemon's configuration adds to a TCP connection."""

import socket

import pytest

from bridge.config.networks import PRIVATE_NETWORKS
from bridge.errors import Problem
from bridge.host.never import Forbidden
from bridge.protocol.proxy_header import SIGNATURE
from bridge.tunnel.approach import Approach
from bridge.tunnel.client import Client
from tests.support.daemon import ScriptedDaemon
from tests.tunnel.conftest import Dial


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_daemon_whose_name_leads_inward_is_unreachable(
    dial: Dial, daemon: ScriptedDaemon, host: str
) -> None:
    with pytest.raises(Problem) as caught:
        await dial(Approach(never=PRIVATE_NETWORKS), host=host)
    assert caught.value.code == "daemon-unreachable"
    assert isinstance(caught.value.__cause__, Forbidden)
    assert daemon.connections == []


# -- proxy_protocol


async def test_the_daemon_is_told_of_the_client_before_anything_else(
    dial: Dial, daemon: ScriptedDaemon, daemon_socket: socket.socket
) -> None:
    approach = Approach(proxy_protocol="v1")
    listener = await dial(approach, client=Client("192.0.2.7", 56324))
    listener.connection.write(b"a\0")
    peer = await daemon.accepted()
    port = daemon_socket.getsockname()[1]
    expected = f"PROXY TCP4 192.0.2.7 127.0.0.1 56324 {port}\r\na\0".encode()
    assert await peer.received(len(expected)) == expected
    peer.say(b"b")
    await listener.received(b"b\0")


async def test_a_client_without_an_address_is_told_as_unknown(
    dial: Dial, daemon: ScriptedDaemon
) -> None:
    await dial(Approach(proxy_protocol="v1"))
    header = b"PROXY UNKNOWN\r\n"
    assert await (await daemon.accepted()).received(len(header)) == header


async def test_version_2_is_binary(dial: Dial, daemon: ScriptedDaemon) -> None:
    await dial(Approach(proxy_protocol="v2"), client=Client("192.0.2.7", 1))
    assert (await (await daemon.accepted()).received(28))[:16] == SIGNATURE + b"\x21\x11\0\x0c"


async def test_a_daemon_that_refuses_is_unreachable_to_a_proxy_too(
    dial: Dial, dead_port: int
) -> None:
    with pytest.raises(Problem) as caught:
        await dial(Approach(proxy_protocol="v1"), port=dead_port)
    assert caught.value.code == "daemon-unreachable"

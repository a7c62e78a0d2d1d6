"""What a daemon's configuration adds to a TCP connection."""

import errno
import socket

import pytest

from bridge.config.networks import PRIVATE_NETWORKS
from bridge.errors import Problem
from bridge.host.never import Forbidden
from bridge.protocol.checks import Guard
from bridge.protocol.proxy_header import SIGNATURE
from bridge.tunnel.client import Client
from bridge.tunnel.daemon.approach import Approach
from bridge.tunnel.daemon.dialling import refused
from bridge.tunnel.daemon.sources import NoPortLeft, Sources
from bridge.tunnel.directory import Daemon
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


@pytest.mark.parametrize(
    "approach", [Approach(proxy_protocol="v1"), Approach(sources=Sources(["127.0.0.2"]))]
)
async def test_a_daemon_that_does_not_answer_times_out_in_its_own_socket_too(
    dial: Dial, silent_port: int, approach: Approach
) -> None:
    with pytest.raises(Problem) as caught:
        await dial(approach, port=silent_port, timeout_s=0.05)
    assert caught.value.code == "daemon-timeout"


# -- source

NOT_OURS = "192.0.2.1"
"""For documentation (RFC 5737): no machine has it, so it fails like an address without ports."""


async def came_from(daemon: ScriptedDaemon) -> str:
    host: str = (await daemon.accepted()).transport.get_extra_info("peername")[0]
    return host


async def test_connections_come_from_the_first_source(dial: Dial, daemon: ScriptedDaemon) -> None:
    approach = Approach(sources=Sources(["127.0.0.3", "127.0.0.2"]))
    await dial(approach)
    await dial(approach)
    assert [await came_from(daemon), await came_from(daemon)] == ["127.0.0.3", "127.0.0.3"]


async def test_a_source_that_is_not_available_is_tried_last_from_then_on(
    dial: Dial, daemon: ScriptedDaemon
) -> None:
    sources = Sources([NOT_OURS, "127.0.0.2"])
    await dial(Approach(sources=sources))
    assert await came_from(daemon) == "127.0.0.2"
    assert repr(sources) == f"<Sources 127.0.0.2 {NOT_OURS}>"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (NOT_OURS, f"the source {NOT_OURS} is no address of this machine"),
        ("::1", "no source is of the same version of IP as 127.0.0.1"),
    ],
)
async def test_a_daemon_that_no_source_leads_to_is_unreachable(
    dial: Dial, daemon: ScriptedDaemon, source: str, reason: str
) -> None:
    with pytest.raises(Problem) as caught:
        await dial(Approach(sources=Sources([source])))
    assert caught.value.code == "daemon-unreachable"
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.strerror == reason
    assert daemon.connections == []


async def test_a_daemon_that_refuses_one_source_is_not_asked_from_another(
    dial: Dial, dead_port: int
) -> None:
    sources = Sources(["127.0.0.2", "127.0.0.3"])
    with pytest.raises(Problem) as caught:
        await dial(Approach(sources=sources), port=dead_port)
    assert caught.value.code == "daemon-unreachable"
    assert repr(sources) == "<Sources 127.0.0.2 127.0.0.3>"


async def test_a_source_may_go_with_a_proxy_header(dial: Dial, daemon: ScriptedDaemon) -> None:
    await dial(Approach(proxy_protocol="v1", sources=Sources(["127.0.0.2"])))
    assert await came_from(daemon) == "127.0.0.2"
    assert await daemon.connections[0].received(15) == b"PROXY UNKNOWN\r\n"


def test_without_any_port_left_the_client_may_come_back() -> None:
    daemon = Daemon("chat", "127.0.0.1", 9339, Guard("text", 9))
    problem = refused(daemon, NoPortLeft(errno.EADDRNOTAVAIL, "the source 127.0.0.2 has no port"))
    assert (problem.code, problem.retry_after_s) == ("too-many-sessions", 5)
    assert problem.detail == "the bridge has no port left towards the daemon chat"

"""TLS to the daemon: both sides prove who they are, and nothing goes out before."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from bridge.config.tls import Tls
from bridge.errors import Problem
from bridge.host.tls import client_context
from bridge.tunnel.daemon.approach import Approach, Secured
from tests.support.daemon import DaemonConnection, ScriptedDaemon
from tests.support.nginx import make_certificate
from tests.tunnel.conftest import Dial


class Pair(NamedTuple):
    certificate: Path
    key: Path


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> list[Pair]:
    """Two certificates for localhost and 127.0.0.1, each signed by itself: the daemon's, and one
    that nobody need trust."""
    folder = tmp_path_factory.mktemp("certificates")
    made = [Pair(folder / f"{name}.pem", folder / f"{name}.key") for name in ("daemon", "other")]
    for pair in made:
        make_certificate(*pair)
    return made


Serve = Callable[..., Awaitable[int]]


@pytest.fixture
async def serve(daemon: ScriptedDaemon, pairs: list[Pair]) -> AsyncIterator[Serve]:
    """Lets the scripted daemon accept by TLS, too, on a port that is returned."""
    servers: list[asyncio.Server] = []

    async def start(client: Path | None = None) -> int:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*pairs[0])
        if client is not None:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(client)
        server = await asyncio.get_running_loop().create_server(
            lambda: DaemonConnection(daemon), "127.0.0.1", 0, ssl=context
        )
        servers.append(server)
        port: int = server.sockets[0].getsockname()[1]
        return port

    yield start
    for server in servers:
        server.close()


def secured(tls: Tls, server_name: str = "localhost") -> Approach:
    return Approach(tls=Secured(client_context("chat", tls), server_name))


async def test_bytes_go_both_ways(
    dial: Dial, daemon: ScriptedDaemon, serve: Serve, pairs: list[Pair]
) -> None:
    listener = await dial(secured(Tls(ca=pairs[0].certificate)), port=await serve())
    peer = await daemon.accepted()
    listener.connection.write(b"a\0b")
    assert await peer.received(3) == b"a\0b"
    peer.write(b"c\0d")
    await listener.received(b"c\0d")
    assert listener.heard == ["connected"]


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
async def test_the_name_may_be_that_of_a_host_or_an_address(
    dial: Dial, serve: Serve, pairs: list[Pair], name: str
) -> None:
    await dial(secured(Tls(ca=pairs[0].certificate), name), port=await serve())


@pytest.mark.parametrize(
    ("trusted", "name", "reason"),
    [
        (None, "localhost", "self-signed certificate"),
        (1, "localhost", "self-signed certificate"),
        (0, "game.example.com", "game.example.com"),
        (0, "10.0.0.5", "10.0.0.5"),
    ],
)
async def test_a_daemon_that_does_not_prove_its_name_is_unreachable(
    dial: Dial, serve: Serve, pairs: list[Pair], trusted: int | None, name: str, reason: str
) -> None:
    tls = Tls(ca=None if trusted is None else pairs[trusted].certificate)
    port = await serve()
    with pytest.raises(Problem) as caught:
        await dial(secured(tls, name), port=port)
    assert caught.value.code == "daemon-unreachable"
    assert reason in str(caught.value.__cause__)


async def test_a_daemon_that_speaks_no_tls_is_unreachable_and_told_nothing(
    dial: Dial, daemon: ScriptedDaemon
) -> None:
    daemon.on_connect = lambda connection: connection.say(b"<welcome/>")
    with pytest.raises(Problem) as caught:
        await dial(secured(Tls()))
    assert caught.value.code == "daemon-unreachable"
    peer = await daemon.accepted()
    assert (await peer.ended())[:1] == b"\x16"  # a handshake, RFC 8446 section 5.1


async def test_a_daemon_that_does_not_answer_the_handshake_times_out(
    dial: Dial, daemon: ScriptedDaemon
) -> None:
    with pytest.raises(Problem) as caught:
        await dial(secured(Tls()), timeout_s=0.05)
    assert caught.value.code == "daemon-timeout"
    await (await daemon.accepted()).lost()


def test_every_context_wants_tls_1_2_and_a_name_that_is_proved(pairs: list[Pair]) -> None:
    context = client_context("chat", Tls(ca=pairs[0].certificate))
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


async def test_the_bridge_proves_who_it_is(
    dial: Dial, daemon: ScriptedDaemon, serve: Serve, pairs: list[Pair]
) -> None:
    own, other = pairs
    port = await serve(other.certificate)
    tls = Tls(ca=own.certificate, certificate=other.certificate, key=other.key)
    listener = await dial(secured(tls), port=port)
    listener.connection.write(b"a\0")
    await (await daemon.accepted()).received_messages(b"a")


async def test_a_daemon_that_wants_a_certificate_ends_without_one(
    dial: Dial, serve: Serve, pairs: list[Pair]
) -> None:
    port = await serve(pairs[1].certificate)
    listener = await dial(secured(Tls(ca=pairs[0].certificate)), port=port)
    await listener.hears("gone")
    assert listener.heard[0] == "connected"  # TLS 1.3: the daemon says no after the handshake
    assert listener.data == b""


async def test_finishing_flushes_and_closes(
    dial: Dial, daemon: ScriptedDaemon, serve: Serve, pairs: list[Pair]
) -> None:
    listener = await dial(secured(Tls(ca=pairs[0].certificate)), port=await serve())
    peer = await daemon.accepted()
    sent = b"0123456789abcdef" * (1 << 16)
    listener.connection.write(sent)
    listener.connection.finish()
    assert await peer.ended() == sent
    await listener.hears("gone")
    assert "failed" not in listener.heard


async def test_the_daemons_end_is_an_orderly_one(
    dial: Dial, daemon: ScriptedDaemon, serve: Serve, pairs: list[Pair]
) -> None:
    listener = await dial(secured(Tls(ca=pairs[0].certificate)), port=await serve())
    peer = await daemon.accepted()
    peer.say(b"bye")
    peer.close()
    await listener.received(b"bye\0")
    await listener.hears("gone")
    assert listener.heard[:2] == ["connected", "closed"]


async def test_the_proxy_header_comes_before_the_handshake(
    dial: Dial, daemon: ScriptedDaemon
) -> None:
    tls = Secured(client_context("chat", Tls()), "localhost")
    daemon.on_connect = lambda connection: connection.say(b"<welcome/>")
    with pytest.raises(Problem):
        await dial(Approach(tls=tls, proxy_protocol="v1"))
    assert (await (await daemon.accepted()).ended()).startswith(b"PROXY UNKNOWN\r\n\x16")

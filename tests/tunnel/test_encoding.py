"""A session with a daemon that does not speak UTF-8."""

import socket
from collections.abc import AsyncIterator

import pytest

from bridge.errors import CloseCode
from bridge.protocol.charset import Charset, CharsetCheck, Errors
from bridge.protocol.checks import Guard
from bridge.protocol.greeting import Greeting
from bridge.tunnel.daemon.approach import Approach
from bridge.tunnel.directory import Daemon
from bridge.tunnel.journal import Journal
from bridge.tunnel.registry import Registry
from tests.support.daemon import ScriptedDaemon
from tests.tunnel.conftest import Recorder, ended, make_config, send

EUROS = "\u20ac\0".encode()
MAX_MESSAGE_BYTES = 10


@pytest.fixture
async def registry(daemon: ScriptedDaemon) -> AsyncIterator[Registry]:
    registry = Registry(make_config(max_message_bytes=MAX_MESSAGE_BYTES), Journal())
    yield registry
    for connection in daemon.connections:
        connection.transport.abort()
    registry.end_all()
    await registry.flushed()


def speaking(
    listening: socket.socket,
    encoding: str = "cp1252",
    errors: Errors = "strict",
    greeting: str | None = None,
) -> Daemon:
    """The scripted daemon, of an encoding."""
    charset = Charset(encoding, errors, MAX_MESSAGE_BYTES)
    guard = Guard("text", charset.max_utf8_bytes, CharsetCheck(charset, None))
    host, port = listening.getsockname()
    approach = Approach(greeting=Greeting(greeting, is_xml=False) if greeting else None)
    return Daemon("chat", host, port, guard, approach=approach, charset=charset)


async def test_both_ways_are_converted(
    registry: Registry, daemon: ScriptedDaemon, daemon_socket: socket.socket
) -> None:
    session = await registry.open(speaking(daemon_socket), "recorder")
    peer = await daemon.accepted()
    assert send(session, 1, EUROS + b"\0") == []
    assert await peer.received(3) == b"\x80\0\0"
    receiver = Recorder()
    session.attach(receiver, 0)
    peer.write(b"\xfc\0")
    await receiver.received("\u00fc\0".encode())
    assert (session.core.up.accepted, session.core.down.last) == (2, 1)


async def test_a_message_that_the_daemon_has_no_characters_for_does_not_reach_it(
    registry: Registry, daemon: ScriptedDaemon, daemon_socket: socket.socket
) -> None:
    session = await registry.open(speaking(daemon_socket), "recorder")
    batch = EUROS + "\u65e5\0".encode() + ("\u20ac" * 11 + "\0").encode() + EUROS
    refused = send(session, 1, batch)
    assert [(each.number, each.fault.code) for each in refused] == [
        (2, "bad-encoding"),
        (3, "message-too-big"),
    ]
    assert await (await daemon.accepted()).received(4) == b"\x80\0\x80\0"


async def test_a_daemon_that_breaks_its_own_encoding_ends_the_session(
    registry: Registry, daemon: ScriptedDaemon, daemon_socket: socket.socket
) -> None:
    session = await registry.open(speaking(daemon_socket), "recorder")
    (await daemon.accepted()).write(b"\x80\0\x81\0a\0")
    assert await ended(session) is CloseCode.BAD_ENCODING
    assert session.core.end is not None
    assert session.core.end.detail == "the daemon sent bytes that are not cp1252"
    receiver = Recorder()
    session.attach(receiver, 0)
    assert receiver.data == EUROS


async def test_a_message_of_the_daemon_is_measured_in_its_own_bytes(
    registry: Registry, daemon: ScriptedDaemon, daemon_socket: socket.socket
) -> None:
    session = await registry.open(speaking(daemon_socket), "recorder")
    receiver = Recorder()
    session.attach(receiver, 0)
    (await daemon.accepted()).write(b"\x80" * 10 + b"\0" + b"\x80" * 11 + b"\0")
    assert await receiver.told_the_end() is CloseCode.MESSAGE_TOO_BIG
    assert receiver.data == ("\u20ac" * 10 + "\0").encode()


async def test_a_stream_that_is_not_cut_into_messages_is_converted_too(
    registry: Registry, daemon: ScriptedDaemon, daemon_socket: socket.socket
) -> None:
    target = speaking(daemon_socket, "shift_jis", "replace")
    session = await registry.open(target, "recorder", resumable=False, framed=False)
    receiver = Recorder()
    session.attach(receiver, 0)
    peer = await daemon.accepted()
    peer.write(b"\x93")
    peer.write(b"\xfa\0\x93\0\xff")
    await receiver.received("\u65e5\0\ufffd\0\ufffd".encode())


async def test_a_greeting_is_in_the_daemons_encoding(
    registry: Registry, daemon: ScriptedDaemon, daemon_socket: socket.socket
) -> None:
    await registry.open(speaking(daemon_socket, greeting="\u20ac {address}"), "recorder")
    assert await (await daemon.accepted()).received(3) == b"\x80 \0"

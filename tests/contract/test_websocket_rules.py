"""`xmlsocket.v1`: a broken rule closes the socket and leaves the session resumable."""

import pytest

from tests.support.clients import Client
from tests.support.daemon import ScriptedDaemon
from tests.support.sockets import V1, V1Client, attach, open_v1, session_of
from tests.support.wire_peer import BINARY, TEXT, WirePeer

BROKEN = {1002, 1003, 1007}
RESERVED_BIT = 0x40
RESERVED_OPCODE = 3
DEEP = 100_000

FRAMES = [
    pytest.param("chat", b"<a/>\0", id="binary data for a text daemon"),
    pytest.param("strict", b"<a/>\0", id="binary data for an XML daemon"),
    pytest.param("blob", "<a/>\0", id="text data for a bytes daemon"),
    pytest.param("blob", b"<a/>", id="unterminated binary data"),
    pytest.param("chat", "<a/>\0<b/>", id="unterminated data"),
    pytest.param("chat", "\0<b/>", id="unterminated data after an empty message"),
    pytest.param("chat", "<a/>", id="neither a zero byte nor JSON"),
    pytest.param("chat", "", id="an empty frame"),
    pytest.param("chat", "[]", id="a JSON array"),
    pytest.param("chat", "7", id="a JSON number"),
    pytest.param("chat", '"ack"', id="a JSON string"),
    pytest.param("chat", "null", id="JSON null"),
    pytest.param("chat", '{"ack": 0} {}', id="two JSON objects"),
    pytest.param("chat", '{"ack": 0', id="a JSON object cut off"),
    pytest.param("chat", "[" * DEEP, id="deep arrays"),
    pytest.param("chat", '{"a":' * DEEP + "1" + "}" * DEEP, id="deep objects"),
    pytest.param("chat", '{"ack": 1}', id="an ack of what was never sent"),
    pytest.param("chat", '{"ack": -1}', id="a negative ack"),
    pytest.param("chat", '{"ack": 1' + "0" * 5000 + "}", id="an ack of many digits"),
]


async def assert_resumable(client: Client, daemon: ScriptedDaemon, socket: V1Client) -> None:
    """The session goes on where it stood: nothing of the broken frame was accepted."""
    again = await attach(session_of(client, socket))
    assert again.ack == 0
    connection = await daemon.accepted()
    connection.say(b"<down/>")
    assert await again.received(1) == [b"<down/>"]
    await again.socket.send(b"<up/>\0", text=not socket_is_binary(socket))
    await connection.received_messages(b"<up/>")


def socket_is_binary(socket: V1Client) -> bool:
    assert socket.socket.request is not None
    return "/blob/" in socket.socket.request.path


@pytest.mark.parametrize(("daemon_name", "frame"), FRAMES)
async def test_a_frame_that_breaks_a_rule_closes_the_socket_and_not_the_session(
    client: Client, daemon: ScriptedDaemon, daemon_name: str, frame: str | bytes
) -> None:
    socket = await open_v1(client, daemon_name)
    await socket.socket.send(frame)
    assert await socket.closed() in BROKEN
    await assert_resumable(client, daemon, socket)


@pytest.mark.parametrize("payload", [b"\xff\0", b"a\xc3\0", b"\xed\xa0\x80\0", b'{"a": "\xff"}'])
async def test_a_text_frame_that_is_no_utf_8_closes_the_socket_and_not_the_session(
    client: Client, daemon: ScriptedDaemon, payload: bytes
) -> None:
    socket = await open_v1(client)
    await socket.socket.send(payload, text=True)
    assert await socket.closed() in BROKEN
    again = await attach(session_of(client, socket))
    # Whether its messages count as refused ones is not laid down.
    assert again.ack == 0 or (await again.told("reject"))["message"] == again.ack
    await again.send(b"<up/>")
    await (await daemon.accepted()).received_messages(b"<up/>")


@pytest.mark.parametrize(
    ("opcode", "is_masked", "bits"),
    [
        pytest.param(TEXT, False, 0, id="unmasked"),
        pytest.param(TEXT, True, RESERVED_BIT, id="reserved bit"),
        pytest.param(RESERVED_OPCODE, True, 0, id="reserved opcode"),
        pytest.param(0, True, 0, id="continuation of nothing"),
        pytest.param(BINARY, True, 0, id="binary"),
    ],
)
async def test_a_frame_that_is_no_websocket_closes_the_socket_and_not_the_session(
    client: Client, daemon: ScriptedDaemon, opcode: int, is_masked: bool, bits: int
) -> None:
    session = await client.open()
    offered = [V1, f"key.{session.key}"]
    async with WirePeer.connected(client, f"{session.path}/websocket", offered) as peer:
        peer.send(opcode, b"<a/>\0", is_masked=is_masked, bits=bits)
        assert await peer.closed() in BROKEN
    again = await attach(session)
    assert again.ack == 0
    await again.send(b"<up/>")
    await (await daemon.accepted()).received_messages(b"<up/>")


async def test_what_was_accepted_before_the_broken_rule_stays_accepted(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_v1(client)
    await socket.send(b"<a/>", b"<b/>")
    await socket.socket.send("no JSON")
    assert await socket.closed() in BROKEN
    again = await attach(session_of(client, socket))
    assert again.ack == 2
    await again.send(b"<c/>")
    await (await daemon.accepted()).received_messages(b"<a/>", b"<b/>", b"<c/>")


async def test_nothing_that_follows_a_broken_rule_is_accepted(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_v1(client)
    await socket.socket.send("no JSON")
    await socket.send(b"<late/>")
    assert await socket.closed() in BROKEN
    again = await attach(session_of(client, socket))
    assert again.ack == 0

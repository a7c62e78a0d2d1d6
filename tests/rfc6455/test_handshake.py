"""A WebSocket opens upon a handshake as RFC 6455 section 4.2.1 wants it, and upon nothing else."""

from collections.abc import AsyncIterator, Callable

import pytest
from yarl import URL

from tests.rfc6455 import reference
from tests.rfc6455.form import PLAIN_TEXT, RAW, V1_TEXT, Form
from tests.rfc6455.table.case import close, pieces, text
from tests.rfc6455.table.handshakes import ACCEPT, AS_IT_SHOULD_BE, CASES, Handshake
from tests.rfc6455.wire import Wire
from tests.support.clients import Client
from tests.support.daemon import ScriptedDaemon
from tests.support.sockets import V1

FORMS = (PLAIN_TEXT, V1_TEXT, RAW)


@pytest.fixture
async def wire(client: Client) -> AsyncIterator[Wire]:
    """A connection on which nothing has been sent."""
    async with Wire.connected(URL(client.url)) as connected:
        yield connected


def in_one_piece(request: bytes) -> list[bytes]:
    return [request]


def byte_by_byte(request: bytes) -> list[bytes]:
    """But for the last header: who finds fault with it may end the connection at once."""
    last = request.rindex(b"\r\n", 0, -4)
    return [*pieces(request[:last], 1), request[last:]]


def parsed(head: bytes) -> tuple[int, dict[str, str]]:
    """Status and headers of an answer."""
    line, *lines = head.decode().removesuffix("\r\n\r\n").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert len(headers) == len(lines)
    return int(line.split(" ")[1]), headers


def assert_opened(head: bytes, subprotocol: str | None) -> None:
    """Section 4.2.2, step 5."""
    status, headers = parsed(head)
    assert status == 101, head
    assert headers["Upgrade"] == "websocket"
    assert headers["Connection"] == "Upgrade"
    assert headers["Sec-WebSocket-Accept"] == ACCEPT
    assert headers.get("Sec-WebSocket-Protocol") == subprotocol
    assert "Sec-WebSocket-Extensions" not in headers


@pytest.mark.parametrize("deliver", [in_one_piece, byte_by_byte])
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
@pytest.mark.parametrize("handshake", CASES, ids=lambda handshake: handshake.name)
async def test_a_handshake_is_answered_as_its_row_says(
    wire: Wire,
    daemon: ScriptedDaemon,
    handshake: Handshake,
    form: Form,
    deliver: Callable[[bytes], list[bytes]],
) -> None:
    await wire.dribble(deliver(handshake.request(f"/{form.path}", form.subprotocols)))
    head = await wire.read_head()
    if handshake.opens:
        assert_opened(head, V1 if form.is_v1 else None)
        wire.write(close(1000).encode())
        assert (await daemon.accepted()).data == b""
    else:
        assert parsed(head)[0] in handshake.statuses, head
        assert daemon.connections == []


@pytest.mark.parametrize("handshake", CASES, ids=lambda handshake: handshake.name)
async def test_attaching_is_held_to_the_same_rows(
    client: Client, wire: Wire, daemon: ScriptedDaemon, handshake: Handshake
) -> None:
    session = await client.open()
    offered = [V1, f"key.{session.key}"]
    wire.write(handshake.request(f"/{session.path}/websocket", offered))
    head = await wire.read_head()
    if handshake.opens:
        assert_opened(head, V1)
    else:
        assert parsed(head)[0] in handshake.statuses, head


async def test_another_version_is_told_which_one_is_spoken(wire: Wire) -> None:
    """Section 4.4."""
    (handshake,) = (case for case in CASES if case.name == "Sec-WebSocket-Version: 8")
    wire.write(handshake.request(f"/{PLAIN_TEXT.path}"))
    status, headers = parsed(await wire.read_head())
    assert (status, headers["Sec-WebSocket-Version"]) == (426, "13")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
async def test_frames_that_come_in_one_piece_with_the_handshake_are_read(
    wire: Wire, daemon: ScriptedDaemon, form: Form
) -> None:
    frames = (form.adapted(text(b"at once")), close(1000))
    stream = b"".join(frame.encode() for frame in frames)
    wire.write(AS_IT_SHOULD_BE.request(f"/{form.path}", form.subprotocols) + stream)
    assert_opened(await wire.read_head(), V1 if form.is_v1 else None)
    frame = await wire.read_frame()
    while frame is not None and frame.opcode < 8:
        frame = await wire.read_frame()
    assert frame is not None
    assert reference.status_of(frame.payload) == 1000
    assert await (await daemon.accepted()).received(8) == b"at once\0"


@pytest.mark.parametrize("place", [1, 2, 5, 6, 7, 13])
async def test_a_frame_of_which_a_part_comes_with_the_handshake_is_read(
    wire: Wire, daemon: ScriptedDaemon, place: int
) -> None:
    frame = text(b"in two").encode()
    wire.write(AS_IT_SHOULD_BE.request(f"/{PLAIN_TEXT.path}") + frame[:place])
    assert_opened(await wire.read_head(), None)
    wire.write(frame[place:])
    assert await (await daemon.accepted()).received(7) == b"in two\0"

"""The plain WebSocket: one frame is one message, and the session ends with the socket."""

import pytest
from websockets.asyncio.client import ClientConnection

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client
from tests.support.configured import MakeConfig
from tests.support.daemon import ScriptedDaemon
from tests.support.deadline import within_deadline
from tests.support.sockets import open_plain, received_until_close

MAX_MESSAGE_BYTES = 2000


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    return start_bridge(config(max_message_bytes=MAX_MESSAGE_BYTES))


async def frames(socket: ClientConnection, count: int) -> list[str | bytes]:
    async with within_deadline(f"{count} frames"):
        return [await socket.recv() for _ in range(count)]


@pytest.mark.parametrize("offered", [[], ["xmlsocket"]])
async def test_one_text_frame_is_one_message_both_ways(
    client: Client, daemon: ScriptedDaemon, offered: list[str]
) -> None:
    daemon.echo()
    socket = await client.websocket("v1/daemons/chat/websocket", offered)
    for text in ("<a/>", "<ž>\U0001f600</ž>", "{}", "<c/>"):
        await socket.send(text)
    assert await frames(socket, 4) == ["<a/>", "<ž>\U0001f600</ž>", "{}", "<c/>"]
    await daemon.connections[0].received_messages(
        b"<a/>", "<ž>\U0001f600</ž>".encode(), b"{}", b"<c/>"
    )


async def test_one_binary_frame_is_one_message_for_a_bytes_daemon(
    client: Client, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    socket = await open_plain(client, "blob")
    payload = bytes(range(1, 256))
    await socket.send(payload)
    assert await frames(socket, 1) == [payload]
    await daemon.connections[0].received_messages(payload)


async def test_messages_that_come_together_leave_in_frames_of_their_own(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_plain(client)
    (await daemon.accepted()).say(b"<a/>", b"", b"<b/>")
    assert await frames(socket, 3) == ["<a/>", "", "<b/>"]


async def test_a_message_that_comes_in_pieces_is_one_frame(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_plain(client)
    stream = "<žluť/>\0<b/>\0".encode()
    await (await daemon.accepted()).send(stream[i : i + 1] for i in range(len(stream)))
    assert await frames(socket, 2) == ["<žluť/>", "<b/>"]


@pytest.mark.parametrize("daemon_name", ["chat", "strict"])
async def test_an_empty_frame_is_an_empty_message(
    client: Client, daemon: ScriptedDaemon, daemon_name: str
) -> None:
    socket = await open_plain(client, daemon_name)
    await socket.send("")
    await socket.send("<a/>")
    await (await daemon.accepted()).received_messages(b"", b"<a/>")


async def test_an_empty_binary_frame_is_an_empty_message(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_plain(client, "blob")
    await socket.send(b"")
    await (await daemon.accepted()).received_messages(b"")


async def test_one_trailing_zero_byte_is_tolerated(client: Client, daemon: ScriptedDaemon) -> None:
    text, binary = await open_plain(client, "chat"), await open_plain(client, "blob")
    await text.send("<a/>\0")
    await text.send("\0")
    await text.send("<b/>")
    await binary.send(b"<c/>\0")
    await binary.send(b"<d/>")
    await (await daemon.accepted()).received_messages(b"<a/>", b"", b"<b/>")
    await (await daemon.accepted()).received_messages(b"<c/>", b"<d/>")


@pytest.mark.parametrize("bad", ["<a/>\0<b/>", "<a/>\0\0", "\0\0", "\0<a/>", "<a/>\0<b/>\0"])
async def test_any_other_zero_byte_is_refused(
    client: Client, daemon: ScriptedDaemon, bad: str
) -> None:
    socket = await open_plain(client)
    await socket.send("<before/>")
    await socket.send(bad)
    _, code = await received_until_close(socket)
    assert code == 1008
    assert await (await daemon.accepted()).ended() == b"<before/>\0"


async def test_any_other_zero_byte_is_refused_for_a_bytes_daemon_too(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_plain(client, "blob")
    await socket.send(b"a\0b")
    assert (await received_until_close(socket))[1] == 1008
    assert await (await daemon.accepted()).ended() == b""


async def test_a_refused_message_ends_the_session_with_1008(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_plain(client, "strict")
    await socket.send("<before/>")
    await socket.send("<a>")
    assert (await received_until_close(socket))[1] == 1008
    assert await (await daemon.accepted()).ended() == b"<before/>\0"


async def test_a_message_too_big_ends_the_session_with_1009_or_1008(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_plain(client)
    await socket.send("x" * MAX_MESSAGE_BYTES)
    await socket.send("x" * (MAX_MESSAGE_BYTES + 1))
    assert (await received_until_close(socket))[1] in {1008, 1009}
    assert await (await daemon.accepted()).ended() == b"x" * MAX_MESSAGE_BYTES + b"\0"


async def test_the_trailing_zero_byte_does_not_count_as_size(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_plain(client)
    await socket.send("x" * MAX_MESSAGE_BYTES + "\0")
    await (await daemon.accepted()).received_messages(b"x" * MAX_MESSAGE_BYTES)


@pytest.mark.parametrize(("daemon_name", "frame"), [("chat", b"<a/>"), ("blob", "<a/>")])
async def test_a_frame_of_the_other_type_does_not_reach_the_daemon(
    client: Client, daemon: ScriptedDaemon, daemon_name: str, frame: str | bytes
) -> None:
    """With which code the socket is closed is not laid down."""
    socket = await open_plain(client, daemon_name)
    await socket.send(frame)
    await received_until_close(socket)
    assert await (await daemon.accepted()).ended() == b""


async def test_text_that_is_no_utf_8_does_not_reach_the_daemon(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_plain(client)
    await socket.send(b"\xff", text=True)
    assert (await received_until_close(socket))[1] in {1007, 1008}
    assert await (await daemon.accepted()).ended() == b""


async def test_the_session_ends_with_the_socket(client: Client, daemon: ScriptedDaemon) -> None:
    socket = await open_plain(client)
    await socket.send("<a/>")
    await socket.close()
    assert await (await daemon.accepted()).ended() == b"<a/>\0"


async def test_the_session_ends_with_a_socket_that_vanishes(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_plain(client)
    connection = await daemon.accepted()
    await socket.send("<a/>")
    await connection.received_messages(b"<a/>")
    socket.transport.abort()
    assert await connection.ended() == b"<a/>\0"


async def test_the_daemons_last_messages_come_before_the_close_frame(
    client: Client, daemon: ScriptedDaemon
) -> None:
    daemon.say_goodbye(*(b"%d" % number for number in range(500)))
    received, _ = await received_until_close(await open_plain(client))
    assert received == [str(number) for number in range(500)]


async def test_an_unterminated_tail_is_no_message(client: Client, daemon: ScriptedDaemon) -> None:
    socket = await open_plain(client)
    connection = await daemon.accepted()
    connection.write(b"<a/>\0<b/>")
    connection.close()
    assert (await received_until_close(socket))[0] == ["<a/>"]

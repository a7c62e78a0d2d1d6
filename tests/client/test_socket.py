"""What a program sees of the client, against the bridge as it is run."""

import asyncio

import pytest

from bridge.client import (
    MessageRefused,
    NotOpened,
    Options,
    SessionEnded,
    State,
    Transport,
    XmlSocket,
)
from tests.client.conftest import LOG_BYTES, TOKEN
from tests.support.bridge import RunningBridge
from tests.support.daemon import DaemonConnection, ScriptedDaemon, framed
from tests.support.deadline import within_deadline

ALL: list[Transport] = ["websocket", "event-stream", "long-poll"]
each_transport = pytest.mark.parametrize("transport", ALL)


def only(transport: Transport) -> Options:
    return Options(messages="text", transports=[transport])


async def received(socket: XmlSocket, count: int) -> list[str | bytes]:
    async with within_deadline(f"{count} messages"):
        return [await socket.receive() for _ in range(count)]


async def collect(socket: XmlSocket) -> list[str | bytes]:
    """All messages to the end."""
    async with within_deadline("the end"):
        return [message async for message in socket]


@each_transport
async def test_messages_pass_both_ways_in_order(
    bridge: RunningBridge, daemon: ScriptedDaemon, transport: Transport
) -> None:
    daemon.echo()
    messages = [*(f"<n>{number}</n>" for number in range(200)), "", "\ufeff žluťoučký \u2028 🐎"]
    async with XmlSocket.connect(bridge.url, "text", only(transport)) as socket:
        assert [await socket.send(message) for message in messages] == [*range(1, 203)]
        assert await received(socket, len(messages)) == messages
        assert socket.transport == transport
        assert socket.state is State.OPEN


@pytest.mark.parametrize("transport", ["websocket", "long-poll"])
async def test_bytes_pass_as_they_are(
    bridge: RunningBridge, daemon: ScriptedDaemon, transport: Transport
) -> None:
    daemon.echo()
    options = Options(messages="bytes", transports=[transport])
    async with XmlSocket.connect(bridge.url, "bytes", options) as socket:
        await socket.send(b"\xff\x01\x80")
        assert await received(socket, 1) == [b"\xff\x01\x80"]


async def test_an_event_stream_is_not_tried_for_bytes() -> None:
    assert Options(messages="bytes").usable_transports == ["websocket", "long-poll"]


async def test_a_daemon_is_known_by_its_aliases(
    bridge: RunningBridge, daemon: ScriptedDaemon
) -> None:
    async with XmlSocket.connect(bridge.url, "game.example.com:9339", only("long-poll")):
        await daemon.accepted()


@each_transport
async def test_a_message_that_is_refused_is_told_by_its_number_and_those_after_it_go_on(
    bridge: RunningBridge, daemon: ScriptedDaemon, transport: Transport
) -> None:
    told: list[int] = []
    options = Options(transports=[transport], on_refused=lambda one: told.append(one.number))
    async with XmlSocket.connect(bridge.url, "xml", options) as socket:
        numbers = [await socket.send(message) for message in ("<a/>", "<b>", "<c/>")]
        async with within_deadline("three answers"):
            await socket.accepted(numbers[0])
            with pytest.raises(MessageRefused) as refused:
                await socket.accepted(numbers[1])
            await socket.accepted(numbers[2])
        assert (refused.value.number, refused.value.code) == (2, "not-well-formed")
        assert told == [2]
        await (await daemon.accepted()).received_messages(b"<a/>", b"<c/>")


@each_transport
async def test_closing_delivers_what_was_sent_and_ends_the_session(
    bridge: RunningBridge, daemon: ScriptedDaemon, transport: Transport
) -> None:
    messages = [b"%d" % number * 1000 for number in range(100)]
    async with XmlSocket.connect(bridge.url, "text", only(transport)) as socket:
        for message in messages:
            await socket.send(message)
        await socket.close()
        assert socket.numbers.acknowledged == len(messages)
        assert await (await daemon.accepted()).ended() == framed(messages)
        with pytest.raises(SessionEnded, match="client-closed"):
            await socket.send("late")


@each_transport
async def test_an_iteration_ends_with_the_daemons_stream_behind_its_last_message(
    bridge: RunningBridge, daemon: ScriptedDaemon, transport: Transport
) -> None:
    daemon.say_goodbye(b"so", b"long")
    async with XmlSocket.connect(bridge.url, "text", only(transport)) as socket:
        assert await collect(socket) == ["so", "long"]
        assert socket.end is not None
        assert socket.end.code == "daemon-closed"
        with pytest.raises(SessionEnded, match="daemon-closed"):
            await socket.receive()


@each_transport
async def test_a_session_that_ends_at_once_was_opened_all_the_same(
    bridge: RunningBridge, daemon: ScriptedDaemon, transport: Transport
) -> None:
    daemon.say_goodbye()
    async with XmlSocket.connect(bridge.url, "text", only(transport)) as socket:
        assert await collect(socket) == []
        assert socket.end is not None
        assert socket.end.code == "daemon-closed"


@each_transport
async def test_an_iteration_raises_what_broke_the_session(
    bridge: RunningBridge, daemon: ScriptedDaemon, transport: Transport
) -> None:
    async with XmlSocket.connect(bridge.url, "text", only(transport)) as socket:
        (await daemon.accepted()).reset()
        with pytest.raises(SessionEnded, match="daemon-error"):
            await collect(socket)


@pytest.mark.parametrize("transports", [["websocket"], ["long-poll"], ALL], ids="-or-".join)
async def test_why_no_session_was_opened_is_told(
    bridge: RunningBridge, transports: list[Transport]
) -> None:
    with pytest.raises(NotOpened) as error:
        async with XmlSocket.connect(bridge.url, "nobody", Options(transports=transports)):
            pass
    assert error.value.code == "unknown-daemon"


async def test_a_bridge_that_is_not_there_is_told(dead_port: int) -> None:
    with pytest.raises(NotOpened, match="unreachable"):
        async with XmlSocket.connect(f"http://127.0.0.1:{dead_port}/", "text"):
            pass


@pytest.mark.parametrize("transport", ["websocket", "long-poll"])
async def test_a_token_opens_what_is_closed_to_others(
    bridge: RunningBridge, daemon: ScriptedDaemon, transport: Transport
) -> None:
    options = Options(token=TOKEN, transports=[transport])
    async with XmlSocket.connect(bridge.url, "guarded", options):
        await daemon.accepted()
    with pytest.raises(NotOpened, match="unauthenticated"):
        async with XmlSocket.connect(bridge.url, "guarded", Options(transports=[transport])):
            pass


@each_transport
async def test_a_sender_waits_while_the_daemon_does_not_read(
    bridge: RunningBridge, daemon: ScriptedDaemon, transport: Transport
) -> None:
    daemon.is_stalled = True
    bound, message, count = 400_000, b"x" * 20_000, 400
    options = Options(messages="text", transports=[transport], max_unsent_bytes=bound)
    async with XmlSocket.connect(bridge.url, "text", options) as socket:
        connection = await daemon.accepted()
        sending = asyncio.ensure_future(send_all(socket, message, count))
        await socket.until(lambda: socket.numbers.sent > 0)
        assert not sending.done()
        connection.resume()
        async with within_deadline("all messages"):
            most = await sending
            await connection.received_messages(*[message] * count)
        assert bound <= most * len(message) <= bound + len(message)


async def send_all(socket: XmlSocket, message: bytes, count: int) -> int:
    """Returns how many were unacknowledged at the most."""
    return max([await socket.send(message) - socket.numbers.acknowledged for _ in range(count)])


@each_transport
async def test_a_program_that_lags_behind_holds_no_more_than_two_bounds(
    bridge: RunningBridge, daemon: ScriptedDaemon, transport: Transport
) -> None:
    bound, size, count = 50_000, 1000, 2000
    options = Options(messages="text", transports=[transport], max_held_bytes=bound)
    async with XmlSocket.connect(bridge.url, "text", options) as socket:
        connection = await daemon.accepted()
        sending = asyncio.ensure_future(flood(connection, size, count))
        async with within_deadline("more than is wanted"):
            await socket.until(lambda: socket.numbers.received * size >= bound)
        for number in range(1, count + 1):
            held = socket.numbers.received - number
            assert held * size <= bound + 4 * LOG_BYTES
            assert await received(socket, 1) == [f"{number:0{size - 1}d}"]
        await sending


async def flood(connection: DaemonConnection, size: int, count: int) -> None:
    await connection.send(b"%0*d\0" % (size - 1, number) for number in range(1, count + 1))


async def test_what_the_program_raises_comes_out_as_it_is(
    bridge: RunningBridge, daemon: ScriptedDaemon
) -> None:
    with pytest.raises(LookupError):
        async with XmlSocket.connect(bridge.url, "text"):
            raise LookupError
    await (await daemon.accepted()).ended()


@pytest.mark.parametrize("message", ["a\0b", "\ud800", b"\xff", "x" * 1_048_577], ids=range(4))
async def test_what_cannot_be_a_message_is_not_sent(
    bridge: RunningBridge, daemon: ScriptedDaemon, message: str | bytes
) -> None:
    async with XmlSocket.connect(bridge.url, "text") as socket:
        with pytest.raises(ValueError):  # noqa: PT011
            await socket.send(message)


async def test_the_url_must_be_one_of_http() -> None:
    with pytest.raises(ValueError, match="begins with http"):
        async with XmlSocket.connect("ws://127.0.0.1/", "text"):
            pass


def test_transports_must_be_known() -> None:
    with pytest.raises(ValueError, match="must be some of"):
        Options(transports=[])

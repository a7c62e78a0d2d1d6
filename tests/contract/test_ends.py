"""Ends brought about by the daemon: which code, and what of the tail still reaches the client."""

from collections.abc import Awaitable, Callable

import pytest

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import PATIENTLY_S, Client, Session
from tests.support.configured import MakeConfig
from tests.support.daemon import DaemonConnection, ScriptedDaemon, framed
from tests.support.sockets import attach, open_plain, open_raw, open_v1, received_until_close

MAX_MESSAGE_BYTES = 2000
GOODBYE = [b"%d:" % number + b"x" * 90 for number in range(1000)]

Listen = Callable[[Client], Awaitable[bytes]]


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    return start_bridge(config(max_message_bytes=MAX_MESSAGE_BYTES))


async def test_when_the_daemon_closes_the_code_is_daemon_closed(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).close()
    assert await session.ended() == "daemon-closed"


async def test_when_the_daemon_half_closes_the_code_is_daemon_closed(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).half_close()
    assert await session.ended() == "daemon-closed"


async def test_when_the_daemon_resets_the_code_is_daemon_error(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).reset()
    assert await session.ended() == "daemon-error"


async def test_what_was_received_before_a_reset_is_kept(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    connection.say(b"<a/>", b"<b/>")
    await session.peek(2)
    connection.reset()
    messages, answer = await session.drain()
    assert messages == [b"<a/>", b"<b/>"]
    answer.problem(410, "daemon-error")


@pytest.mark.parametrize("daemon_name", ["chat", "strict"])
@pytest.mark.parametrize("bad", [b"\xff", b"a\xc3", b"\xed\xa0\x80"])
async def test_text_from_the_daemon_that_is_no_utf_8_ends_the_session_after_those_before_it(
    client: Client, daemon: ScriptedDaemon, daemon_name: str, bad: bytes
) -> None:
    session = await client.open(daemon_name)
    (await daemon.accepted()).say(b"<a/>", b"<b/>", bad, b"<late/>")
    messages, answer = await session.drain()
    assert messages == [b"<a/>", b"<b/>"]
    answer.problem(410, "bad-encoding")


@pytest.mark.parametrize("daemon_name", ["chat", "strict", "blob"])
async def test_a_message_too_big_from_the_daemon_ends_the_session_after_those_before_it(
    client: Client, daemon: ScriptedDaemon, daemon_name: str
) -> None:
    session = await client.open(daemon_name)
    fits = b"x" * MAX_MESSAGE_BYTES
    (await daemon.accepted()).say(b"<a/>", fits, fits + b"x", b"<late/>")
    messages, answer = await session.drain()
    assert messages == [b"<a/>", fits]
    answer.problem(410, "message-too-big")


async def test_a_message_without_end_from_the_daemon_is_too_big(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).write(b"<a/>\0" + b"x" * (MAX_MESSAGE_BYTES * 100))
    messages, answer = await session.drain()
    assert messages == [b"<a/>"]
    answer.problem(410, "message-too-big")


async def test_an_unterminated_tail_is_no_message(session: Session, daemon: ScriptedDaemon) -> None:
    connection = await daemon.accepted()
    connection.write(b"<a/>\0<unfinished")
    connection.close()
    messages, answer = await session.drain()
    assert messages == [b"<a/>"]
    answer.problem(410, "daemon-closed")


async def test_a_waiting_receive_learns_of_the_end_at_once(
    session: Session, daemon: ScriptedDaemon
) -> None:
    poll = await session.park(ack=0)
    (await daemon.accepted()).close()
    (await poll).problem(410, "daemon-closed")


async def test_the_tail_is_given_again_until_it_is_acknowledged(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    connection.say(b"<a/>", b"<b/>")
    connection.close()
    await session.follow()
    for _ in range(3):
        assert (await session.receive(ack=0)).messages == [b"<a/>", b"<b/>"]
    assert (await session.receive(ack=1)).messages == [b"<b/>"]


async def test_without_ack_the_tail_is_followed_by_410(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    connection.say(b"<a/>")
    connection.close()
    assert (await session.receive(wait=PATIENTLY_S)).messages == [b"<a/>"]
    (await session.receive(wait=PATIENTLY_S)).problem(410, "daemon-closed")


async def test_the_410_is_given_again(session: Session, daemon: ScriptedDaemon) -> None:
    connection = await daemon.accepted()
    connection.say(b"<a/>")
    connection.close()
    await session.drain()
    for _ in range(3):
        (await session.receive(ack=1)).problem(410, "daemon-closed")


async def test_a_socket_that_attaches_after_the_end_gets_the_tail_and_the_code(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    connection.say(b"<a/>", b"<b/>", b"<c/>")
    connection.close()
    await session.follow()
    socket = await attach(session, ack=1)
    assert (await socket.told("close"))["code"] == "daemon-closed"
    assert socket.messages == [b"<b/>", b"<c/>"]


async def test_the_tail_outlives_a_socket_that_did_not_acknowledge_it(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    socket = await attach(session)
    connection.say(b"<a/>")
    connection.close()
    await socket.told("close")
    assert (await session.receive(ack=0)).messages == [b"<a/>"]


async def test_when_the_daemon_half_closes_the_bridge_ends_its_stream_too(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    await session.send(b"<a/>", b"<b/>")
    connection.half_close()
    assert await connection.ended() == b"<a/>\0<b/>\0"
    await connection.lost()


async def poll(client: Client) -> bytes:
    messages, answer = await (await client.open()).drain()
    answer.problem(410, "daemon-closed")
    return framed(messages)


async def stream(client: Client) -> bytes:
    *messages, close = await (await client.open()).follow()
    assert close.data["code"] == "daemon-closed"
    return framed(event.data.encode() for event in messages)


async def exchange(client: Client) -> bytes:
    answer = await client.exchange(replies=len(GOODBYE) + 1)
    assert answer.headers["XMLSocket-End"] == "closed"
    return answer.body


async def v1(client: Client) -> bytes:
    socket = await open_v1(client)
    assert (await socket.told("close"))["code"] == "daemon-closed"
    return framed(socket.messages)


async def attached(client: Client) -> bytes:
    socket = await attach(await client.open())
    assert (await socket.told("close"))["code"] == "daemon-closed"
    return framed(socket.messages)


async def plain(client: Client) -> bytes:
    frames, _ = await received_until_close(await open_plain(client))
    return framed(frame.encode() for frame in frames if isinstance(frame, str))


async def raw(client: Client) -> bytes:
    frames, _ = await received_until_close(await open_raw(client))
    return b"".join(frame for frame in frames if isinstance(frame, bytes))


@pytest.mark.parametrize("listen", [poll, stream, exchange, v1, attached, plain, raw])
async def test_a_daemon_that_speaks_and_closes_at_once_is_heard_to_the_end(
    client: Client, daemon: ScriptedDaemon, listen: Listen
) -> None:
    daemon.say_goodbye(*GOODBYE)
    assert await listen(client) == framed(GOODBYE)


@pytest.mark.parametrize("listen", [stream, v1, plain, raw])
async def test_a_daemon_that_speaks_and_half_closes_is_heard_to_the_end(
    client: Client, daemon: ScriptedDaemon, listen: Listen
) -> None:
    def farewell(connection: DaemonConnection) -> None:
        connection.say(*GOODBYE)
        connection.half_close()

    daemon.on_connect = farewell
    assert await listen(client) == framed(GOODBYE)

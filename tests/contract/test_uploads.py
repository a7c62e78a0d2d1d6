"""Long bodies are accepted as they come, what is short or not to be trusted whole or not at all."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest

from bridge.http.upload import PART_BYTES
from bridge.tunnel.sends import MAX_SENDS
from tests.contract.long_body import LONG, MESSAGES, as_json, in_pieces, in_two
from tests.faults.http1 import Head, response_body
from tests.support.answers import Answer
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import JSON, PATIENTLY_S, Client, Session
from tests.support.configured import MakeConfig
from tests.support.daemon import DaemonConnection, ScriptedDaemon, framed
from tests.support.deadline import within_deadline

MAX_BODY_BYTES = 5 * PART_BYTES
BODY_TIMEOUT_S = 0.5

BEGUN, REST = LONG[: 2 * PART_BYTES], LONG[2 * PART_BYTES :]

TOO_BIG = b"x" * (MAX_BODY_BYTES - PART_BYTES // 2)
"""Above `max_message_bytes`, and far from done when that shows."""

REFUSED = 40
WITH_REFUSED = framed([*MESSAGES[: REFUSED - 1], b"\xff", *MESSAGES[REFUSED:]])


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    """A bridge that takes bodies of some parts."""
    return start_bridge(config(max_body_bytes=MAX_BODY_BYTES))


@pytest.fixture(scope="module")
def impatient(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    """A bridge that gives a part little time."""
    return start_bridge(config(max_body_bytes=MAX_BODY_BYTES, body_timeout_s=BODY_TIMEOUT_S))


@pytest.fixture
async def connection(session: Session, daemon: ScriptedDaemon) -> DaemonConnection:
    """The daemon's end of the session."""
    return await daemon.accepted()


async def accepts_nothing_of(
    session: Session,
    connection: DaemonConnection,
    body: bytes | AsyncIterator[bytes],
    *,
    because: tuple[int, str],
    **headers: str,
) -> None:
    """Sends it, and expects the refusal, and that its numbers are still free."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = await session.post(body, {"first": 1}, fields)
    answer.problem(*because)
    assert answer.ack == 0
    (await session.send(b"<end/>", first=1)).empty()
    await connection.received_messages(b"<end/>")


async def accepts_all(session: Session, connection: DaemonConnection, answer: Answer) -> None:
    """Expects that the answer says so, and that all has arrived once and in order."""
    answer.empty()
    assert answer.ack == len(MESSAGES)
    (await session.send(b"<end/>", first=len(MESSAGES) + 1)).empty()
    await connection.received_messages(*MESSAGES, b"<end/>")


# -- as it comes


async def test_a_long_body_reaches_the_daemon_before_its_rest_is_sent(
    session: Session, connection: DaemonConnection
) -> None:
    go_on = asyncio.Event()
    sending = asyncio.ensure_future(session.post(in_two(BEGUN, REST, go_on), {"first": 1}))
    received = await connection.received(PART_BYTES)
    assert LONG.startswith(received)
    go_on.set()
    await accepts_all(session, connection, await sending)


async def test_without_first_its_parts_are_numbered_one_after_the_other(
    session: Session, connection: DaemonConnection
) -> None:
    await accepts_all(session, connection, await session.post(LONG))


async def test_a_long_send_that_receives_is_answered_by_what_it_brings_about(
    session: Session, connection: DaemonConnection, daemon: ScriptedDaemon
) -> None:
    daemon.on_message = lambda at, message: at.say(b"<got/>") if message == MESSAGES[-1] else None
    answer = await session.post(LONG, {"first": 1, "ack": 0, "wait": PATIENTLY_S})
    assert answer.messages == [b"<got/>"]
    assert answer.ack == len(MESSAGES)


async def test_a_long_body_cut_by_the_client_and_sent_again_arrives_once_and_in_order(
    session: Session, connection: DaemonConnection
) -> None:
    endless = in_two(BEGUN, REST, asyncio.Event())
    sending = asyncio.ensure_future(session.post(endless, {"first": 1}))
    await connection.received(PART_BYTES)
    sending.cancel()
    await asyncio.wait([sending])
    await accepts_all(session, connection, await session.post(LONG, {"first": 1}))


async def test_two_long_sends_of_the_same_numbers_at_a_time_arrive_once_and_in_order(
    session: Session, connection: DaemonConnection
) -> None:
    go_on = asyncio.Event()
    bodies = [in_two(BEGUN, REST, go_on), in_two(LONG[:-PART_BYTES], LONG[-PART_BYTES:], go_on)]
    sending = [asyncio.ensure_future(session.post(body, {"first": 1})) for body in bodies]
    await connection.received(PART_BYTES)
    go_on.set()
    for answer in await asyncio.gather(*sending):
        await accepts_all(session, connection, answer)


# -- what is wrong in the middle or at the end


async def test_a_long_body_that_ends_unterminated_says_how_far_it_got(
    session: Session, connection: DaemonConnection
) -> None:
    answer = await session.post(LONG[:-1], {"first": 1})
    answer.problem(400, "unterminated")
    assert 0 < answer.ack < len(MESSAGES)
    await session.send(b"<end/>", first=answer.ack + 1)
    await connection.received_messages(*MESSAGES[: answer.ack], b"<end/>")


async def test_a_long_body_that_ended_unterminated_may_be_sent_again_from_its_beginning(
    session: Session, connection: DaemonConnection
) -> None:
    (await session.post(LONG[:-1], {"first": 1})).problem(400, "unterminated")
    await accepts_all(session, connection, await session.post(LONG, {"first": 1}))


@pytest.mark.parametrize("again_from", [1, REFUSED], ids=["from the beginning", "from the refused"])
async def test_a_message_refused_in_the_middle_keeps_those_before_it_and_its_answer(
    session: Session, connection: DaemonConnection, again_from: int
) -> None:
    whole = WITH_REFUSED.split(b"\0")[:-1]
    for first in (1, again_from):
        answer = await session.send(*whole[first - 1 :], first=first)
        assert answer.problem(400, "bad-encoding")["message"] == REFUSED
        assert answer.ack == REFUSED
    (await session.send(*whole[REFUSED:], first=REFUSED + 1)).empty()
    await connection.received_messages(*whole[: REFUSED - 1], *whole[REFUSED:])


async def test_a_message_too_big_in_the_middle_keeps_those_before_it(
    start_bridge: StartBridge, config: MakeConfig, daemon: ScriptedDaemon
) -> None:
    most = len(MESSAGES[0])
    async with Client(start_bridge(config(max_message_bytes=most)).url) as client:
        session = await client.open()
        answer = await session.send(*MESSAGES, b"x" * (most + 1), *MESSAGES, first=1)
        assert answer.problem(413, "message-too-big")["message"] == len(MESSAGES) + 1
        assert answer.ack == len(MESSAGES) + 1
        await session.send(b"<end/>", first=len(MESSAGES) + 2)
        await (await daemon.accepted()).received_messages(*MESSAGES, b"<end/>")


async def test_a_message_too_big_that_never_ends_is_unterminated(
    session: Session, connection: DaemonConnection
) -> None:
    answer = await session.post(in_pieces(framed(MESSAGES[:2]) + TOO_BIG), {"first": 1})
    answer.problem(400, "unterminated")
    assert answer.ack == 0
    await accepts_all(session, connection, await session.post(LONG, {"first": 1}))


async def test_a_message_too_big_for_any_body_is_refused_as_a_message(session: Session) -> None:
    answer = await session.post(b"x" * (MAX_BODY_BYTES + 1) + b"\0", {"first": 1})
    assert answer.problem(413, "message-too-big")["message"] == 1
    assert answer.ack == 1


async def test_a_refusal_in_the_middle_is_not_told_before_the_client_has_sent_all(
    session: Session, connection: DaemonConnection
) -> None:
    """Many clients do not listen before."""
    go_on = asyncio.Event()
    body = in_two(WITH_REFUSED[:-1], WITH_REFUSED[-1:], go_on)
    sending = asyncio.ensure_future(session.post(body, {"first": 1}))
    async with within_deadline("the refusal"):
        while (await session.receive(0)).ack < REFUSED:
            pass
    await session.receive(0)  # which would have been answered behind it
    assert not sending.done()
    go_on.set()
    (await sending).problem(400, "bad-encoding")


async def test_after_a_refusal_in_the_middle_the_same_connection_takes_the_next_request(
    session: Session, connection: DaemonConnection
) -> None:
    url = session.client.address("")
    reader, writer = await asyncio.open_connection(url.host, url.port)
    try:
        async with within_deadline("both answers"):
            writer.write(request(session, 1, WITH_REFUSED))
            refusal = await Head.read(reader)
            problem = json.loads(b"".join([part async for part in response_body(reader, refusal)]))
            assert (refusal.status, problem["message"]) == ("400", REFUSED)
            assert not refusal.closes
            writer.write(request(session, REFUSED + 1, b"<end/>\0"))
            assert (await Head.read(reader)).status == "204"
    finally:
        writer.transport.abort()
    await connection.received_messages(*MESSAGES[: REFUSED - 1], b"<end/>")


def request(session: Session, first: int, body: bytes) -> bytes:
    """A send as it goes over the wire."""
    url = session.client.address(session.messages_path)
    head = [
        f"POST {url.raw_path}?{urlencode({'first': first})} HTTP/1.1",
        f"Host: {url.host}:{url.port}",
        f"Authorization: Bearer {session.key}",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


# -- whole or not at all


async def test_a_short_body_that_ends_unterminated_accepts_nothing(
    session: Session, connection: DaemonConnection
) -> None:
    body = LONG[: PART_BYTES - 1]
    await accepts_nothing_of(session, connection, body, because=(400, "unterminated"))


async def test_a_compressed_body_that_ends_unterminated_accepts_nothing(
    session: Session, connection: DaemonConnection
) -> None:
    body = gzip.compress(LONG[:-1])
    why = (400, "unterminated")
    await accepts_nothing_of(session, connection, body, because=why, Content_Encoding="gzip")


async def test_a_compressed_body_that_is_cut_off_accepts_nothing(
    session: Session, connection: DaemonConnection
) -> None:
    body = gzip.compress(LONG)[:-1]
    why = (400, "bad-body")
    await accepts_nothing_of(session, connection, body, because=why, Content_Encoding="gzip")


async def test_a_compressed_body_of_many_parts_is_accepted(
    session: Session, connection: DaemonConnection
) -> None:
    headers = {"Content-Encoding": "gzip"}
    await accepts_all(
        session, connection, await session.post(gzip.compress(LONG), {"first": 1}, headers)
    )


async def test_json_of_many_parts_is_accepted(
    session: Session, connection: DaemonConnection
) -> None:
    await accepts_all(session, connection, await session.post_json(as_json(), {"first": 1}))


async def test_json_of_many_parts_that_is_cut_off_accepts_nothing(
    session: Session, connection: DaemonConnection
) -> None:
    body = as_json()[:-1].encode()
    why = (400, "bad-json")
    await accepts_nothing_of(session, connection, body, because=why, Content_Type=JSON)


async def test_a_body_that_announces_more_than_it_may_have_accepts_nothing(
    session: Session, connection: DaemonConnection
) -> None:
    body = framed(MESSAGES * 2)
    assert len(body) > MAX_BODY_BYTES
    await accepts_nothing_of(session, connection, body, because=(413, "body-too-big"))


async def test_a_body_that_grows_above_the_limit_says_how_far_it_got_and_goes_on_in_several(
    session: Session, connection: DaemonConnection
) -> None:
    messages = MESSAGES * 2
    body = in_pieces(framed(messages)[: MAX_BODY_BYTES + 1])
    answer = await session.post(body, {"first": 1})
    answer.problem(413, "body-too-big")
    assert 0 < answer.ack <= MAX_BODY_BYTES // len(MESSAGES[0])
    for first in (1, len(MESSAGES) + 1):
        (await session.send(*MESSAGES, first=first)).empty()
    await connection.received_messages(*messages)


@pytest.mark.parametrize("body_kind", [bytes, in_pieces], ids=["announced", "unannounced"])
async def test_a_body_as_long_as_it_may_be_is_accepted(
    session: Session, connection: DaemonConnection, body_kind: type[bytes]
) -> None:
    body = framed([*MESSAGES, b"x" * (MAX_BODY_BYTES - len(LONG) - 1)])
    assert len(body) == MAX_BODY_BYTES
    answer = await session.post(body_kind(body), {"first": 1})
    answer.empty()
    assert answer.ack == len(MESSAGES) + 1
    assert await connection.received(len(body)) == body


async def test_an_exchange_with_a_refused_message_at_its_end_opens_nothing(
    client: Client, daemon: ScriptedDaemon
) -> None:
    answer = await client.exchange(*MESSAGES, b"\xff")
    assert answer.problem(400, "bad-encoding")["message"] == len(MESSAGES) + 1
    assert daemon.connections == []


async def test_an_exchange_of_many_parts_is_sent_whole(
    client: Client, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    answer = await client.exchange(*MESSAGES, replies=len(MESSAGES))
    assert answer.messages == MESSAGES
    assert answer.ack == len(MESSAGES)


@pytest.mark.parametrize(
    "after", [b"XX\r\n", b"-2\r\n", b"2\r\na\0XX"], ids=["no size", "below zero", "no end"]
)
async def test_a_body_whose_chunks_cannot_be_read_any_more_accepts_nothing(
    session: Session, connection: DaemonConnection, after: bytes
) -> None:
    url = session.client.address("")
    reader, writer = await asyncio.open_connection(url.host, url.port)
    try:
        writer.write(
            request(session, 1, b"").replace(
                b"Content-Length: 0", b"Transfer-Encoding: chunked\r\nExpect: 100-continue"
            )
        )
        async with within_deadline("the refusal"):
            assert (await Head.read(reader)).status == "100"  # its handler has begun
            writer.write(b"6\r\n<a/>\0<\r\n" + after)
            refusal = await Head.read(reader)
            problem = json.loads(b"".join([part async for part in response_body(reader, refusal)]))
            assert await reader.read() == b""
    finally:
        writer.transport.abort()
    assert (refusal.status, problem["code"]) == ("400", "bad-body")
    assert refusal.fields["xmlsocket-ack"] == "0"
    (await session.send(b"<end/>", first=1)).empty()
    await connection.received_messages(b"<end/>")


# -- in time


async def test_a_long_body_that_stops_says_how_far_it_got(
    impatient: RunningBridge, daemon: ScriptedDaemon
) -> None:
    async with Client(impatient.url) as client:
        session = await client.open()
        answer = await session.post(in_two(BEGUN, REST, asyncio.Event()), {"first": 1})
        answer.problem(408, "request-timeout")
        assert 0 < answer.ack < len(MESSAGES)
        await session.send(b"<end/>", first=answer.ack + 1)
        connection = await daemon.accepted()
        await connection.received_messages(*MESSAGES[: answer.ack], b"<end/>")


async def test_a_short_body_that_stops_accepts_nothing(
    impatient: RunningBridge, daemon: ScriptedDaemon
) -> None:
    async with Client(impatient.url) as client:
        session = await client.open()
        body = in_two(framed(MESSAGES[:2]), REST, asyncio.Event())
        why = (408, "request-timeout")
        await accepts_nothing_of(session, await daemon.accepted(), body, because=why)


async def test_each_part_has_a_time_of_its_own(
    impatient: RunningBridge, daemon: ScriptedDaemon
) -> None:
    async with Client(impatient.url) as client:
        session = await client.open()
        go_on = asyncio.Event()
        body = in_two(LONG[:-PART_BYTES], LONG[-PART_BYTES:], go_on)
        sending = asyncio.ensure_future(session.post(body, {"first": 1}))
        await (await daemon.accepted()).received(2 * PART_BYTES)
        # The client is slower than one part may be, and far from what all of them may take.
        asyncio.get_running_loop().call_later(BODY_TIMEOUT_S * 1.2, go_on.set)
        (await sending).empty()


# -- so many at a time


async def test_one_send_too_many_of_a_session_comes_back_when_another_has_ended(
    session: Session, daemon: ScriptedDaemon
) -> None:
    stuck = [
        asyncio.ensure_future(session.post(in_two(b"<a/>", b"", asyncio.Event())))
        for _ in range(MAX_SENDS)
    ]
    async with within_deadline("the refusal of one too many"):
        while (answer := await session.post(in_pieces(b"<b/>\0"))).status == 204:
            pass
    answer.problem(429, "rate-limited")
    assert int(answer.headers["Retry-After"]) > 0
    stuck[0].cancel()
    async with within_deadline("room for one more"):
        while (await session.post(in_pieces(b"<b/>\0"))).status != 204:
            pass
    for waiting in stuck:
        waiting.cancel()
    await asyncio.wait(stuck)


async def test_of_short_sends_any_number_may_come_at_a_time(
    session: Session, connection: DaemonConnection
) -> None:
    url = session.client.address("")
    whole = request(session, 1, b"<a/>\0")
    sending = [await asyncio.open_connection(url.host, url.port) for _ in range(2 * MAX_SENDS)]
    try:
        for _, writer in sending:
            writer.write(whole[:-1])
        await session.receive(0)  # which is answered behind them
        for _, writer in sending:
            writer.write(whole[-1:])
        async with within_deadline("all answers"):
            assert {(await Head.read(reader)).status for reader, _ in sending} == {"204"}
    finally:
        for _, writer in sending:
            writer.transport.abort()
    await connection.received_messages(b"<a/>")

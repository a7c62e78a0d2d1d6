"""Events: `GET /v1/sessions/{id}/events?ack=N`, the down log as `text/event-stream`."""

import asyncio

import pytest

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import PATIENTLY_S, Client, Session
from tests.support.configured import MakeConfig
from tests.support.daemon import ScriptedDaemon, framed
from tests.support.deadline import within_deadline
from tests.support.event_stream import Event, EventStream

HIGH_WATER = 16_384


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    """A bridge with quick heartbeats and a log that is soon full."""
    return start_bridge(
        config(
            heartbeat_s=0.2,
            max_message_bytes=4096,
            log_high_water_bytes=HIGH_WATER,
            log_low_water_bytes=HIGH_WATER // 4,
        )
    )


def message(number: int, text: str) -> Event:
    return Event("message", text, number)


async def test_each_message_is_an_event_with_its_number_and_a_json_string(
    session: Session, daemon: ScriptedDaemon
) -> None:
    texts = ["<a/>", "", "žluť 日本語 \U0001f600", 'two\nlines "\\', "\r\n\u2028\x01", "id: 7\n\n"]
    (await daemon.accepted()).say(*(text.encode() for text in texts))
    async with session.events(ack=0) as stream:
        assert stream.response.content_type == "text/event-stream"
        assert "no-store" in stream.response.headers["Cache-Control"]
        events = await stream.take(len(texts))
    assert events == [message(number, text) for number, text in enumerate(texts, 1)]


async def test_a_message_that_comes_later_is_sent_at_once(
    session: Session, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    async with session.events() as stream:
        for number in range(1, 4):
            await session.send(b"<a/>")
            assert await stream.take(1) == [message(number, "<a/>")]


async def test_a_quiet_stream_carries_comments(session: Session) -> None:
    async with session.events() as stream:
        await stream.commented(3)


async def test_events_begin_after_ack(session: Session, daemon: ScriptedDaemon) -> None:
    (await daemon.accepted()).say(b"<a/>", b"<b/>", b"<c/>")
    await session.peek(3)
    async with session.events(ack=2) as stream:
        assert await stream.take(1) == [message(3, "<c/>")]


async def test_events_begin_after_the_last_event_id(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).say(b"<a/>", b"<b/>", b"<c/>")
    await session.peek(3)
    async with session.events(last_event_id=1) as stream:
        assert await stream.take(2) == [message(2, "<b/>"), message(3, "<c/>")]


async def test_the_last_event_id_wins_over_ack(session: Session, daemon: ScriptedDaemon) -> None:
    """EventSource comes back with the query of its first request and the id of its last event."""
    (await daemon.accepted()).say(b"<a/>", b"<b/>", b"<c/>")
    await session.peek(3)
    async with session.events(ack=0, last_event_id=2) as stream:
        assert await stream.take(1) == [message(3, "<c/>")]


async def test_the_last_event_id_wins_over_an_ack_that_is_forgotten(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).say(b"<a/>", b"<b/>", b"<c/>")
    await session.peek(3)
    await session.receive(ack=1)
    async with session.events(ack=0, last_event_id=2) as stream:
        assert await stream.take(1) == [message(3, "<c/>")]


async def test_without_ack_and_last_event_id_events_begin_with_the_first_unacknowledged(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).say(b"<a/>", b"<b/>", b"<c/>")
    await session.peek(3)
    await session.send(ack=1)
    for _ in range(2):
        async with session.events() as stream:
            assert await stream.take(2) == [message(2, "<b/>"), message(3, "<c/>")]


async def test_coming_back_with_a_last_event_id_acknowledges(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).say(b"<a/>", b"<b/>")
    await session.peek(2)
    async with session.events(last_event_id=1) as stream:
        await stream.take(1)
    (await session.receive(ack=0)).gap()


async def test_what_was_streamed_but_not_acknowledged_is_still_held(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).say(b"<a/>", b"<b/>")
    async with session.events() as stream:
        await stream.take(2)
    assert await session.peek(2) == [b"<a/>", b"<b/>"]


async def test_an_empty_last_event_id_is_none(session: Session, daemon: ScriptedDaemon) -> None:
    (await daemon.accepted()).say(b"<a/>", b"<b/>")
    await session.peek(2)
    headers = session.with_key({"Last-Event-ID": ""})
    path = f"{session.path}/events"
    async with session.client.streamed("GET", path, {"ack": 1}, headers) as response:
        (event,) = await EventStream(response).take(1)
    assert event.number == 2


@pytest.mark.parametrize("headers", [{}, {"Last-Event-ID": "99"}])
async def test_a_number_above_what_was_ever_sent_is_a_gap(
    session: Session, headers: dict[str, str]
) -> None:
    query = None if headers else "ack=99"
    answer = await session.client.request(
        "GET", f"{session.path}/events", query, session.with_key(headers)
    )
    answer.gap()


async def test_a_number_below_what_is_still_held_is_a_gap(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).say(b"<a/>", b"<b/>")
    await session.peek(2)
    await session.send(ack=2)
    answer = await session.client.request(
        "GET", f"{session.path}/events", "ack=1", session.with_key()
    )
    answer.gap()


async def test_a_post_with_an_empty_body_acknowledges_while_the_stream_goes_on(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    async with session.events() as stream:
        connection.say(b"<a/>")
        await stream.take(1)
        (await session.send(ack=1)).empty()
        connection.say(b"<b/>")
        assert await stream.take(1) == [message(2, "<b/>")]
    (await session.receive(ack=0)).gap()


async def test_the_key_may_come_in_the_query(session: Session, daemon: ScriptedDaemon) -> None:
    (await daemon.accepted()).say(b"<a/>")
    await session.peek(1)
    query = f"key={session.key}&ack=0"
    async with session.client.streamed("GET", f"{session.path}/events", query) as response:
        assert response.status == 200
        assert await EventStream(response).take(1) == [message(1, "<a/>")]


async def test_a_wrong_key_in_the_query_is_an_unknown_session(session: Session) -> None:
    answer = await session.client.request("GET", f"{session.path}/events", "key=wrong")
    answer.problem(404, "unknown-session")


async def test_the_end_of_the_session_is_an_event_after_its_tail(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    async with session.events() as stream:
        connection.say(b"<bye/>")
        connection.close()
        assert await stream.take(1) == [message(1, "<bye/>")]
        last = await stream.next()
        assert last is not None
        assert last.name == "close"
        assert last.data["code"] == "daemon-closed"
        assert isinstance(last.data["detail"], str)
        assert await stream.next() is None


async def test_the_tail_streamed_after_the_end_is_followed_by_the_close_event(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    connection.say(b"<bye/>")
    connection.close()
    for _ in range(2):
        tail, close = await session.follow()
        assert tail == message(1, "<bye/>")
        assert close.data["code"] == "daemon-closed"


async def test_a_stream_displaced_by_a_poll_ends_saying_so(
    session: Session, daemon: ScriptedDaemon
) -> None:
    async with session.events() as stream:
        (await session.receive(ack=0)).empty()
        assert await stream.next() == Event("displaced", {}, None)
        assert await stream.next() is None


async def test_a_newer_stream_displaces_the_older_and_goes_on(
    session: Session, daemon: ScriptedDaemon
) -> None:
    async with session.events() as older, session.events() as newer:
        displaced = await older.next()
        assert displaced is not None
        assert displaced.name == "displaced"
        (await daemon.accepted()).say(b"<a/>")
        assert await newer.take(1) == [message(1, "<a/>")]


async def test_a_stream_displaces_a_parked_poll(session: Session, daemon: ScriptedDaemon) -> None:
    poll = await session.park(ack=0)
    async with session.events() as stream:
        (await poll).problem(409, "displaced")
        (await daemon.accepted()).say(b"<a/>")
        await stream.take(1)


async def test_when_the_log_is_full_the_stream_ends_and_the_next_one_goes_on(
    session: Session, daemon: ScriptedDaemon
) -> None:
    """EventSource cannot acknowledge but by coming back."""
    # More than one read from the daemon may add to a log that is not yet full.
    texts = [f"{number}:" + "x" * 1000 for number in range(1000)]
    connection = await daemon.accepted()
    flood = asyncio.ensure_future(connection.send(framed([t.encode()]) for t in texts))
    events: list[Event] = []
    streams = 0
    while len(events) < len(texts):
        streams += 1
        last = len(events) if events else None
        async with session.events(ack=0, last_event_id=last) as stream:
            while len(events) < len(texts) and (event := await stream.next()):
                assert event.name == "message"
                events.append(event)
    assert events == [message(number, text) for number, text in enumerate(texts, 1)]
    assert streams > 1
    await flood


async def test_a_log_that_is_full_by_a_message_on_its_way_ends_the_stream_before_a_heartbeat(
    start_bridge: StartBridge, config: MakeConfig, daemon: ScriptedDaemon
) -> None:
    patient = config(
        heartbeat_s=60,
        max_message_bytes=4 * HIGH_WATER,
        log_high_water_bytes=HIGH_WATER,
        log_low_water_bytes=HIGH_WATER // 4,
    )
    first, second = "x" * (HIGH_WATER - 1000), "y" * (4 * HIGH_WATER - 1000)
    async with Client(start_bridge(patient).url) as client:
        session = await client.open()
        connection = await daemon.accepted()
        connection.say(first.encode())
        async with session.events(ack=0) as stream:
            assert await stream.take(1) == [message(1, first)]
            connection.write(second.encode())
            async with within_deadline("the end of the stream"):
                assert await stream.next() is None
        connection.say(b"")
        async with session.events(ack=1) as stream:
            assert await stream.take(1) == [message(2, second)]


async def test_acknowledging_by_post_after_a_full_log_lets_the_daemon_go_on(
    session: Session, daemon: ScriptedDaemon
) -> None:
    texts = [f"{number}:" + "x" * 1000 for number in range(60)]
    connection = await daemon.accepted()
    flood = asyncio.ensure_future(connection.send(framed([t.encode()]) for t in texts))
    received: list[str] = []
    while len(received) < len(texts):
        async with session.events() as stream:
            while len(received) < len(texts) and (event := await stream.next()):
                received.append(event.data)
        (await session.send(ack=len(received))).empty()
    assert received == texts
    await flood


async def test_a_client_that_vanishes_from_its_stream_loses_nothing(
    session: Session, daemon: ScriptedDaemon
) -> None:
    """The daemon speaks at every moment of the stream's end."""
    connection = await daemon.accepted()
    for number in range(1, 41, 2):
        async with session.events(ack=number - 1) as stream:
            connection.say(b"<a/>")
            await stream.take(1)
        connection.say(b"<b/>")
        answer = await session.receive(number, PATIENTLY_S)
        assert answer.messages == [b"<b/>"]
        assert answer.first == number + 1

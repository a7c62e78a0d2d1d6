"""Every transport through nginx as it is shipped, in the clear and over TLS with HTTP/2."""

import asyncio
import json

import pytest
from websockets.exceptions import InvalidStatus

from tests.nginx.way import Session, Way
from tests.support.answers import Answer
from tests.support.daemon import ScriptedDaemon
from tests.support.deadline import within_deadline
from tests.support.sockets import received_until_close

DEFAULT_MAX_MESSAGE_BYTES = 1048576
DEFAULT_MAX_BODY_BYTES = 8388608


async def next_event(stream: asyncio.StreamReader) -> dict[str, str]:
    """The fields of the next event; comments are passed over."""
    async with within_deadline("an event"):
        while True:
            lines = (await stream.readuntil(b"\n\n")).decode().splitlines()
            fields = dict(line.split(": ", 1) for line in lines if line and line[0] != ":")
            if "data" in fields:
                return fields


def assert_messages(answer: Answer, first: int, *messages: bytes) -> None:
    assert answer.messages == list(messages)
    assert answer.first == first


async def test_the_location_of_a_session_leads_back_through_nginx(
    way: Way, daemon: ScriptedDaemon
) -> None:
    answer = await way.http.post("/v1/daemons/demo/sessions")
    location = answer.headers["Location"].removeprefix(way.http.origin)
    assert location == f"/v1/sessions/{answer.json()['id']}"


async def test_a_poll_receives(way: Way, daemon: ScriptedDaemon) -> None:
    session = await way.open()
    (await daemon.accepted()).say(b"<one/>")
    assert_messages(await session.receive("ack=0&wait=2"), 1, b"<one/>")


async def test_a_poll_in_which_nothing_comes_is_held_to_its_end(
    way: Way, daemon: ScriptedDaemon
) -> None:
    (await (await way.open()).receive("ack=0&wait=2")).empty()


async def test_a_send_and_its_retry_reach_the_daemon_once(way: Way, daemon: ScriptedDaemon) -> None:
    session = await way.open()
    for query, body in [("first=1", b"<a/>\0"), ("first=1", b"<a/>\0"), ("first=2", b"<b/>\0")]:
        (await session.send(query, body)).empty()
    await (await daemon.accepted()).received_messages(b"<a/>", b"<b/>")


async def test_a_send_that_waits_carries_the_reply(way: Way, daemon: ScriptedDaemon) -> None:
    daemon.echo()
    answer = await (await way.open()).send("first=1&ack=0&wait=2", b"<a/>\0")
    assert_messages(answer, 1, b"<a/>")


async def test_a_message_of_the_largest_size_goes_both_ways(
    way: Way, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    message = b"<a>" + b"x" * (DEFAULT_MAX_MESSAGE_BYTES - 7) + b"</a>"
    answer = await (await way.open()).send("first=1&ack=0&wait=2", message + b"\0")
    assert_messages(answer, 1, message)


async def test_an_event_stream_is_not_buffered(way: Way, daemon: ScriptedDaemon) -> None:
    session = await way.open()
    connection = await daemon.accepted()
    async with way.http.stream(f"{session.path}/events?ack=0&key={session.key}") as stream:
        for number, message in enumerate(["<one/>", "<two/>", "<three/>"], start=1):
            connection.say(message.encode())
            event = await next_event(stream)
            assert event == {"id": str(number), "data": json.dumps(message)}


async def test_an_event_stream_tells_the_end_of_the_session(
    way: Way, daemon: ScriptedDaemon
) -> None:
    daemon.say_goodbye(b"<bye/>")
    session = await way.open()
    async with way.http.stream(f"{session.path}/events?ack=0&key={session.key}") as stream:
        assert (await next_event(stream))["data"] == '"<bye/>"'
        close = await next_event(stream)
    assert close["event"] == "close"
    assert json.loads(close["data"])["code"] == "daemon-closed"


async def test_a_one_shot_exchange_brings_its_replies(way: Way, daemon: ScriptedDaemon) -> None:
    daemon.echo()
    path = "/v1/daemons/demo/exchange?replies=2&timeout=2"
    answer = await way.http.post(path, b"<a/>\0<b/>\0")
    assert answer.messages == [b"<a/>", b"<b/>"]
    assert answer.headers["XMLSocket-End"] == "replies"


async def test_a_resumable_websocket_carries_messages(way: Way, daemon: ScriptedDaemon) -> None:
    daemon.echo()
    async with way.resumable("/v1/daemons/demo/websocket") as websocket:
        await websocket.send(b"<a/>", b"<b/>")
        assert await websocket.received(2) == [b"<a/>", b"<b/>"]
        await websocket.acked(2)


async def test_a_websocket_takes_over_from_polls(way: Way, daemon: ScriptedDaemon) -> None:
    session = await way.open()
    connection = await daemon.accepted()
    connection.say(b"<one/>")
    assert_messages(await session.receive("ack=0&wait=2"), 1, b"<one/>")
    path = f"{session.path}/websocket?ack=1"
    async with way.resumable(path, f"key.{session.key}") as websocket:
        assert websocket.first == 2
        connection.say(b"<two/>")
        assert await websocket.received(1) == [b"<two/>"]


async def test_polls_take_over_from_a_websocket(way: Way, daemon: ScriptedDaemon) -> None:
    async with way.resumable("/v1/daemons/demo/websocket") as websocket:
        connection = await daemon.accepted()
        opened = websocket.opening["open"]
    connection.say(b"<one/>")
    session = Session(way, opened["id"], opened["key"])
    assert_messages(await session.receive("ack=0&wait=2"), 1, b"<one/>")


async def test_a_plain_websocket_carries_messages(way: Way, daemon: ScriptedDaemon) -> None:
    daemon.echo()
    async with way.websocket("/v1/daemons/demo/websocket") as websocket:
        await websocket.send("<a/>")
        assert await websocket.recv() == "<a/>"


async def test_a_raw_socket_carries_bytes_to_the_last(way: Way, daemon: ScriptedDaemon) -> None:
    async with way.websocket("/v1/daemons/demo/raw", "binary") as websocket:
        connection = await daemon.accepted()
        await websocket.send(b"<a")
        await websocket.send(b"/>\0")
        await connection.received_messages(b"<a/>")
        connection.write(b"<b/>\0unterminated")
        connection.close()
        frames, _ = await received_until_close(websocket)
    assert b"".join(map(bytes_of, frames)) == b"<b/>\0unterminated"


def bytes_of(frame: str | bytes) -> bytes:
    assert isinstance(frame, bytes), "a text frame on a raw socket"
    return frame


async def test_a_page_of_the_same_origin_may_connect(way: Way, daemon: ScriptedDaemon) -> None:
    daemon.echo()
    async with way.websocket("/v1/daemons/demo/websocket", origin=way.http.origin) as websocket:
        await websocket.send("<a/>")
        assert await websocket.recv() == "<a/>"


async def test_the_refusal_of_a_handshake_comes_from_the_bridge(way: Way) -> None:
    origin = "https://elsewhere.example"
    with pytest.raises(InvalidStatus) as refusal:
        async with way.websocket("/v1/daemons/demo/websocket", origin=origin):
            pass
    response = refusal.value.response
    assert response.status_code == 403
    assert json.loads(response.body or b"")["code"] == "origin-denied"


async def test_the_refusal_of_a_body_too_big_comes_from_the_bridge(
    way: Way, daemon: ScriptedDaemon
) -> None:
    session = await way.open()
    answer = await session.send("first=1", b"\0" * (DEFAULT_MAX_BODY_BYTES + 1))
    answer.problem(413, "body-too-big")

"""Bodies: the default one, JSON by `Content-Type` and `Accept`, and inflated ones."""

import gzip
import json
from collections.abc import AsyncIterator

import pytest

from tests.support.clients import JSON, PATIENTLY_S, Client, Session
from tests.support.daemon import ScriptedDaemon, framed

ACCEPT_JSON = {"Accept": JSON}
DEEP = 100_000

UNICODE = ["žluťoučký kůň", "日本語", "\U0001f600", "\u2028\x01\t\r\n", '"\\', "", "\x7f\x80"]


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8"],
)
async def test_json_goes_up_by_content_type(
    session: Session, daemon: ScriptedDaemon, content_type: str
) -> None:
    body = json.dumps({"messages": UNICODE}).encode()
    answer = await session.post(body, {"first": 1}, {"Content-Type": content_type})
    answer.empty()
    assert answer.ack == len(UNICODE)
    await (await daemon.accepted()).received_messages(*(text.encode() for text in UNICODE))


async def test_json_goes_up_unescaped_too(session: Session, daemon: ScriptedDaemon) -> None:
    await session.post_json(json.dumps({"messages": UNICODE}, ensure_ascii=False))
    await (await daemon.accepted()).received_messages(*(text.encode() for text in UNICODE))


async def test_a_surrogate_pair_in_json_is_one_character(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await session.post_json(r'{"messages": ["\ud83d\ude00"]}')).empty()
    await (await daemon.accepted()).received_messages("\U0001f600".encode())


async def test_json_without_messages_accepts_none(session: Session) -> None:
    answer = await session.post_json('{"messages": []}')
    answer.empty()
    assert answer.ack == 0


@pytest.mark.parametrize(
    "content_type", ["application/vnd.xmlsocket", "text/plain", "application/xml"]
)
async def test_any_other_content_type_means_the_default(
    session: Session, daemon: ScriptedDaemon, content_type: str
) -> None:
    (await session.post(b'{"messages": []}\0', headers={"Content-Type": content_type})).empty()
    await (await daemon.accepted()).received_messages(b'{"messages": []}')


async def test_json_comes_down_by_accept(session: Session, daemon: ScriptedDaemon) -> None:
    await session.send(b"<a/>", b"<b/>")
    (await daemon.accepted()).say(*(text.encode() for text in UNICODE))
    await session.peek(len(UNICODE))
    answer = await session.receive(ack=0, headers=ACCEPT_JSON)
    assert answer.status == 200
    assert answer.media_type == JSON
    assert answer.json() == {"first": 1, "messages": UNICODE, "ack": 2}
    assert answer.first == 1
    assert answer.ack == 2


async def test_json_tells_the_number_of_its_first_message(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).say(b"<a/>", b"<b/>", b"<c/>")
    await session.peek(3)
    answer = await session.receive(ack=2, headers=ACCEPT_JSON)
    assert answer.json() == {"first": 3, "messages": ["<c/>"], "ack": 0}


async def test_a_quiet_session_answers_204_to_json_too(session: Session) -> None:
    (await session.receive(headers=ACCEPT_JSON)).empty()


@pytest.mark.parametrize("accept", ["*/*", "text/html", "application/vnd.xmlsocket"])
async def test_any_other_accept_means_the_default(
    session: Session, daemon: ScriptedDaemon, accept: str
) -> None:
    (await daemon.accepted()).say(b"<a/>")
    answer = await session.receive(0, PATIENTLY_S, {"Accept": accept})
    assert answer.messages == [b"<a/>"]


async def test_up_and_down_choose_their_bodies_apart(
    session: Session, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    query = {"first": 1, "ack": 0, "wait": PATIENTLY_S}
    answer = await session.post(b"<a/>\0", query, ACCEPT_JSON)
    assert answer.json() == {"first": 1, "messages": ["<a/>"], "ack": 1}
    answer = await session.post_json('{"messages": ["<b/>"]}', {**query, "first": 2, "ack": 1})
    assert answer.messages == [b"<b/>"]


@pytest.mark.parametrize("text", [r'"a\u0000b"', r'"\ud800"', r'"\udfff!"', r'"\ude00\ud83d"'])
async def test_a_json_message_that_no_daemon_could_get_is_bad_encoding(
    session: Session, daemon: ScriptedDaemon, text: str
) -> None:
    answer = await session.post_json(f'{{"messages": ["<a/>", {text}, "<c/>"]}}', {"first": 1})
    assert answer.problem(400, "bad-encoding")["message"] == 2
    assert answer.ack == 2
    await session.send(b"<end/>", first=3)
    await (await daemon.accepted()).received_messages(b"<a/>", b"<end/>")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<a/>", id="no JSON"),
        pytest.param('{"messages": ["<a/>"]', id="cut off"),
        pytest.param('{"messages": ["<a/>"]} {}', id="two values"),
        pytest.param('["<a/>"]', id="an array"),
        pytest.param('"<a/>"', id="a string"),
        pytest.param("null", id="null"),
        pytest.param("7", id="a number"),
        pytest.param("{}", id="no messages"),
        pytest.param('{"messages": "<a/>"}', id="messages are a string"),
        pytest.param('{"messages": {"0": "<a/>"}}', id="messages are an object"),
        pytest.param('{"messages": null}', id="messages are null"),
        pytest.param('{"messages": ["<a/>", 5]}', id="a message is a number"),
        pytest.param('{"messages": ["<a/>", null]}', id="a message is null"),
        pytest.param('{"messages": ["<a/>", ["<b/>"]]}', id="a message is an array"),
        pytest.param('{"messages": ' + "[" * DEEP + "]" * DEEP + "}", id="deep messages"),
        pytest.param("[" * DEEP, id="deep and cut off"),
        pytest.param('{"a":' * DEEP + "1" + "}" * DEEP, id="deep objects"),
        pytest.param('{"messages": [], "x": ' + "[" * DEEP + "]" * DEEP + "}", id="deep beside"),
        pytest.param('{"messages": [' + "9" * 10_000 + "]}", id="a long number"),
        pytest.param('{"messages": [NaN]}', id="not a number"),
    ],
)
async def test_json_of_a_wrong_shape_or_depth_accepts_nothing(
    session: Session, daemon: ScriptedDaemon, text: str
) -> None:
    answer = await session.post_json(text, {"first": 1})
    answer.problem(400, "bad-json")
    assert answer.ack == 0
    await session.send(b"<end/>", first=1)
    await (await daemon.accepted()).received_messages(b"<end/>")


async def test_json_that_is_no_utf_8_is_refused_and_accepts_nothing(session: Session) -> None:
    body = b'{"messages": ["<a/>", "\xff"]}'
    answer = await session.post(body, {"first": 1}, {"Content-Type": JSON})
    answer.problem(400)
    assert answer.ack == 0


async def test_json_to_a_bytes_daemon_is_415(client: Client, daemon: ScriptedDaemon) -> None:
    session = await client.open("blob")
    answer = await session.post_json('{"messages": ["<a/>"]}')
    answer.problem(415)
    assert answer.ack == 0
    await session.send(b"<end/>", first=1)
    await (await daemon.accepted()).received_messages(b"<end/>")


async def test_json_from_a_bytes_daemon_is_406_and_loses_nothing(
    client: Client, daemon: ScriptedDaemon
) -> None:
    session = await client.open("blob")
    (await daemon.accepted()).say(b"\xff")
    await session.peek(1)
    (await session.receive(ack=0, headers=ACCEPT_JSON)).problem(406)
    assert await session.peek(1) == [b"\xff"]


async def test_events_from_a_bytes_daemon_are_406(client: Client, daemon: ScriptedDaemon) -> None:
    session = await client.open("blob")
    answer = await client.request("GET", f"{session.path}/events", headers=session.with_key())
    answer.problem(406)


async def test_a_bytes_daemon_gets_and_gives_any_bytes(
    client: Client, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    session = await client.open("blob")
    messages = [bytes([value]) for value in range(1, 256)]
    assert (await session.send(*messages)).ack == 255
    assert await session.collect(255) == messages


async def test_a_gzip_body_is_inflated_or_refused_but_never_taken_for_messages(
    session: Session, daemon: ScriptedDaemon
) -> None:
    body = gzip.compress(framed([b"<a/>", b"<b/>"]))
    answer = await session.post(body, {"first": 1}, {"Content-Encoding": "gzip"})
    assert answer.status in {204, 415}
    accepted = [b"<a/>", b"<b/>"] if answer.status == 204 else []
    assert answer.ack == len(accepted)
    await session.send(b"<end/>")
    await (await daemon.accepted()).received_messages(*accepted, b"<end/>")


@pytest.mark.parametrize("content_type", [JSON, "application/vnd.xmlsocket"])
async def test_a_gzip_bomb_is_refused_and_accepts_nothing(
    session: Session, daemon: ScriptedDaemon, content_type: str
) -> None:
    bomb = gzip.compress(bytes(200_000_000), 1)
    headers = {"Content-Encoding": "gzip", "Content-Type": content_type}
    answer = await session.post(bomb, {"first": 1}, headers)
    assert answer.status in {413, 415}
    answer.problem(answer.status)
    assert (await session.send(b"<end/>", first=1)).ack == 1
    await (await daemon.accepted()).received_messages(b"<end/>")


async def test_a_body_that_is_not_the_gzip_it_claims_to_be_is_refused(
    session: Session, daemon: ScriptedDaemon
) -> None:
    answer = await session.post(b"<a/>\0", {"first": 1}, {"Content-Encoding": "gzip"})
    assert answer.status in {400, 415}
    answer.problem(answer.status)
    await session.send(b"<end/>", first=1)
    await (await daemon.accepted()).received_messages(b"<end/>")


async def test_a_body_in_many_chunks_is_one_body(session: Session, daemon: ScriptedDaemon) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for byte in b"<a/>\0<b/>\0":
            yield bytes([byte])

    answer = await session.post(chunks(), {"first": 1})
    answer.empty()
    assert answer.ack == 2
    await (await daemon.accepted()).received_messages(b"<a/>", b"<b/>")

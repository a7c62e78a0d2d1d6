"""Problems, keys and headers: what all answers have in common."""

from collections.abc import Awaitable, Callable

import pytest

from tests.support.answers import Answer
from tests.support.bridge import RunningBridge
from tests.support.clients import JSON, PATIENTLY_S, Client, Session
from tests.support.configured import FOREIGN_ORIGIN
from tests.support.daemon import ScriptedDaemon
from tests.support.sockets import V1

REQUESTS = [
    pytest.param("GET", "/messages", id="receive"),
    pytest.param("POST", "/messages", id="send"),
    pytest.param("DELETE", "", id="delete"),
    pytest.param("GET", "/events", id="events"),
]

Ask = Callable[[Session], Awaitable[Answer]]


def altered(secret: str) -> str:
    """An id or key that differs in its last character alone."""
    return secret[:-1] + ("A" if secret[-1] != "A" else "B")


def without_id(answer: Answer, session_id: str) -> object:
    """The answer as it would be for any other id in the path."""
    status, headers, body = answer.without_date()
    return status, headers, body.replace(session_id.encode(), b"ID")


@pytest.mark.parametrize(("method", "path"), REQUESTS)
@pytest.mark.parametrize("kind", ["missing", "empty", "wrong", "another session's"])
async def test_a_missing_or_wrong_key_answers_exactly_as_an_unknown_id(
    session: Session, method: str, path: str, kind: str
) -> None:
    other = await session.client.open()
    headers: dict[str, dict[str, str]] = {
        "missing": {},
        "empty": {"Authorization": "Bearer "},
        "wrong": {"Authorization": f"Bearer {altered(session.key)}"},
        "another session's": other.with_key(),
    }
    unknown = altered(session.id)
    for_wrong = await session.client.request(method, session.path + path, None, headers[kind])
    for_unknown = await session.client.request(
        method, f"v1/sessions/{unknown}{path}", None, headers[kind]
    )
    for_wrong.problem(404, "unknown-session")
    assert without_id(for_wrong, session.id) == without_id(for_unknown, unknown)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/messages"), ("POST", "/messages"), ("DELETE", "")]
)
async def test_a_key_in_the_query_serves_for_events_alone(
    session: Session, method: str, path: str
) -> None:
    answer = await session.client.request(method, session.path + path, {"key": session.key})
    answer.problem(404, "unknown-session")


async def test_a_handshake_with_a_wrong_key_answers_exactly_as_an_unknown_id(
    session: Session,
) -> None:
    offered = [V1, f"key.{altered(session.key)}"]
    unknown = altered(session.id)
    for_wrong = await session.client.handshake(f"{session.path}/websocket", offered)
    for_unknown = await session.client.handshake(f"v1/sessions/{unknown}/websocket", offered)
    for_wrong.problem(404, "unknown-session")
    assert without_id(for_wrong, session.id) == without_id(for_unknown, unknown)


async def test_a_wrong_key_learns_nothing_of_an_ended_session(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).close()
    await session.ended()
    stranger = Session(session.client, session.id, altered(session.key))
    (await stranger.receive()).problem(404, "unknown-session")
    (await stranger.send(b"<a/>")).problem(404, "unknown-session")


async def test_the_key_may_come_in_a_header_of_its_own(session: Session) -> None:
    headers = {"XMLSocket-Key": session.key}
    (await session.client.request("GET", session.messages_path, headers=headers)).empty()


async def test_the_key_header_serves_where_authorization_is_taken(session: Session) -> None:
    headers = {"XMLSocket-Key": session.key, "Authorization": "Basic YWRhOnNlY3JldA=="}
    (await session.client.request("GET", session.messages_path, headers=headers)).empty()


async def test_a_request_with_a_wrong_key_displaces_nobody_and_accepts_nothing(
    session: Session, daemon: ScriptedDaemon
) -> None:
    poll = await session.park(ack=0)
    stranger = Session(session.client, session.id, altered(session.key))
    (await stranger.receive(ack=0)).problem(404)
    (await stranger.send(b"<evil/>", first=1, wait=PATIENTLY_S)).problem(404)
    (await stranger.delete()).problem(404)
    connection = await daemon.accepted()
    await session.send(b"<a/>", first=1)
    await connection.received_messages(b"<a/>")
    connection.say(b"<hi/>")
    assert (await poll).messages == [b"<hi/>"]


@pytest.mark.parametrize(
    ("query", "headers", "status", "code"),
    [
        pytest.param("ack=x", {"Origin": FOREIGN_ORIGIN}, 403, "origin-denied", id="origin"),
        pytest.param("ack=99&wait=x", {}, 400, "bad-parameter", id="parameters before ack"),
        pytest.param("ack=99", {}, 409, "gap", id="ack"),
        pytest.param("first=99", {}, 409, "gap", id="first"),
        pytest.param("first=99&ack=0&wait=5", {}, 409, "gap", id="first with wait"),
    ],
)
async def test_a_request_refused_beforehand_displaces_nobody_and_accepts_nothing(
    session: Session,
    daemon: ScriptedDaemon,
    query: str,
    headers: dict[str, str],
    status: int,
    code: str,
) -> None:
    poll = await session.park(ack=0)
    answer = await session.post(b"<refused/>\0", query, headers)
    answer.problem(status, code)
    assert answer.ack == 0
    connection = await daemon.accepted()
    await session.send(b"<a/>", first=1)
    await connection.received_messages(b"<a/>")
    connection.say(b"<hi/>")
    assert (await poll).messages == [b"<hi/>"]


@pytest.mark.parametrize("query", ["ack=x", "ack=99", "wait=x"])
async def test_a_receive_refused_beforehand_displaces_nobody(
    session: Session, daemon: ScriptedDaemon, query: str
) -> None:
    poll = await session.park(ack=0)
    answer = await session.client.request(
        "GET", session.messages_path, query, headers=session.with_key()
    )
    assert answer.status in {400, 409}
    (await daemon.accepted()).say(b"<hi/>")
    assert (await poll).messages == [b"<hi/>"]


async def test_the_key_is_checked_before_the_origin_and_the_parameters(session: Session) -> None:
    headers = {"Origin": FOREIGN_ORIGIN, "Authorization": "Bearer wrong"}
    answer = await session.client.request("GET", session.messages_path, "ack=x", headers)
    answer.problem(404, "unknown-session")


async def malformed_parameter(session: Session) -> Answer:
    return await session.post(b"<a/>\0", "ack=x")


async def foreign_origin(session: Session) -> Answer:
    return await session.post(b"<a/>\0", headers={"Origin": FOREIGN_ORIGIN})


async def late_ack(session: Session) -> Answer:
    return await session.receive(ack=99)


async def far_first(session: Session) -> Answer:
    return await session.send(b"<a/>", first=99)


async def unterminated(session: Session) -> Answer:
    return await session.post(b"<a/>")


async def bad_json(session: Session) -> Answer:
    return await session.post_json("[]")


async def refused_message(session: Session) -> Answer:
    return await session.post(b"\xff\0", "first=1")


async def displaced(session: Session) -> Answer:
    poll = await session.park(ack=0)
    await session.receive(ack=0)
    return await poll


@pytest.mark.parametrize(
    ("ask", "status"),
    [
        (malformed_parameter, 400),
        (foreign_origin, 403),
        (late_ack, 409),
        (far_first, 409),
        (unterminated, 400),
        (bad_json, 400),
        (refused_message, 400),
        (displaced, 409),
    ],
)
async def test_every_problem_told_to_the_owner_carries_the_highest_number_accepted(
    session: Session, ask: Ask, status: int
) -> None:
    answer = await ask(session)
    answer.problem(status)
    assert answer.ack == (1 if ask is refused_message else 0)


async def test_a_body_too_big_is_a_problem_that_says_how_far_it_was_accepted(
    session: Session, daemon: ScriptedDaemon
) -> None:
    """Whether any of it is accepted is not laid down."""
    answer = await session.post(b"<a/>\0" * 2_000_000, {"first": 1})
    answer.problem(413)
    assert (await session.send(b"<end/>", first=answer.ack + 1)).ack == answer.ack + 1
    await (await daemon.accepted()).received_messages(*[b"<a/>"] * answer.ack, b"<end/>")


async def test_410_carries_the_highest_number_accepted(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    await session.send(b"<a/>", b"<b/>")
    await connection.received_messages(b"<a/>", b"<b/>")
    connection.close()
    _, answer = await session.drain()
    answer.problem(410, "daemon-closed")
    assert answer.ack == 2


async def test_a_stranger_is_not_told_the_highest_number_accepted(session: Session) -> None:
    await session.send(b"<a/>")
    answer = await session.client.request("GET", session.messages_path)
    assert "XMLSocket-Ack" not in answer.headers


@pytest.mark.parametrize("path", ["/messages", "/events", "/websocket"])
async def test_head_is_405_on_a_session_and_displaces_nobody(
    session: Session, daemon: ScriptedDaemon, path: str
) -> None:
    poll = await session.park(ack=0)
    answer = await session.client.request(
        "HEAD", session.path + path, "ack=0", headers=session.with_key()
    )
    assert answer.status == 405
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["XMLSocket-Ack"] == "0"
    (await daemon.accepted()).say(b"<hi/>")
    assert (await poll).messages == [b"<hi/>"]


@pytest.mark.parametrize("path", ["websocket", "raw"])
async def test_head_is_405_on_a_daemon(client: Client, daemon: ScriptedDaemon, path: str) -> None:
    answer = await client.request("HEAD", f"v1/daemons/chat/{path}")
    assert answer.status == 405
    assert daemon.connections == []


async def test_every_success_says_no_store(session: Session, daemon: ScriptedDaemon) -> None:
    daemon.echo()
    client = session.client
    preflight = {"Origin": "https://play.example.com", "Access-Control-Request-Method": "POST"}
    async with session.events(ack=0) as stream:
        headers_of_stream = stream.response.headers
    answers = [
        await client.post_open(),
        await session.send(b"<a/>", ack=0, wait=PATIENTLY_S),
        await session.receive(ack=0),
        await session.receive(ack=0, headers={"Accept": JSON}),
        await session.receive(ack=1),
        await client.exchange(b"<a/>"),
        await client.request("OPTIONS", session.messages_path, headers=preflight),
        await session.delete(),
    ]
    for headers in [headers_of_stream, *(answer.headers for answer in answers)]:
        assert "no-store" in headers["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["v1/nothing", "v1/daemons/chat/nothing", "v1/sessions/a-x/nothing", "nothing"]
)
async def test_a_path_that_leads_nowhere_is_a_problem(client: Client, path: str) -> None:
    (await client.request("GET", path)).problem(404)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "v1/sessions/a-x/messages"),
        ("GET", "v1/sessions/a-x"),
        ("GET", "v1/daemons/chat/sessions"),
        ("GET", "v1/daemons/chat/exchange"),
        ("POST", "v1/daemons/chat/websocket"),
    ],
)
async def test_a_method_that_a_path_does_not_have_is_a_problem(
    client: Client, method: str, path: str
) -> None:
    (await client.request(method, path)).problem(405)


async def test_no_key_is_ever_logged(
    session: Session, daemon: ScriptedDaemon, bridge: RunningBridge
) -> None:
    client = session.client
    query = f"key={session.key}"
    async with client.streamed("GET", f"{session.path}/events", query):
        pass
    await session.send(b"\xff")
    await session.receive(ack=99)
    await client.request("GET", session.messages_path, query)
    await client.request("GET", f"{session.path}/{session.key}")
    await client.websocket(f"{session.path}/websocket", [V1, f"key.{session.key}"])
    await client.handshake(f"{session.path}/websocket", [f"key.{session.key}"])
    await session.delete()
    assert session.key not in "\n".join(bridge.log_lines)

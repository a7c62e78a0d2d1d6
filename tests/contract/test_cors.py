"""Origins: who may read the answers, and what a preflight says."""

import pytest

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client, Session
from tests.support.configured import FOREIGN_ORIGIN, ORIGIN, MakeConfig
from tests.support.daemon import ScriptedDaemon
from tests.support.sockets import V1

EXPOSED = {
    "location",
    "retry-after",
    "xmlsocket-first",
    "xmlsocket-ack",
    "xmlsocket-end",
}
OTHER_ORIGIN = "https://other.example.com"


def listed(value: str) -> set[str]:
    """The items of a comma-separated header, in lower case."""
    return {item.strip().lower() for item in value.split(",")}


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    """A bridge on which `blob` has another origin than `chat`."""
    changed = config()
    changed["daemons"]["blob"]["origins"] = [OTHER_ORIGIN]
    return start_bridge(changed)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "v1/daemons/chat/sessions", 201),
        ("POST", "v1/daemons/chat/exchange?replies=1&timeout=0.05", 200),
        ("GET", "SESSION/messages", 204),
        ("POST", "SESSION/messages", 204),
        ("GET", "SESSION/messages?ack=x", 400),
        ("GET", "SESSION/messages?ack=99", 409),
        ("DELETE", "SESSION", 204),
    ],
)
async def test_an_allowed_origin_may_read_answers_and_problems(
    session: Session, method: str, path: str, status: int
) -> None:
    path, _, query = path.replace("SESSION", session.path).partition("?")
    headers = session.with_key({"Origin": ORIGIN})
    answer = await session.client.request(method, path, query, headers)
    assert answer.status == status
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "origin" in listed(answer.headers["Vary"])
    assert listed(answer.headers["Access-Control-Expose-Headers"]) >= EXPOSED


async def test_an_allowed_origin_may_read_events(session: Session) -> None:
    headers = session.with_key({"Origin": ORIGIN})
    path = f"{session.path}/events"
    async with session.client.streamed("GET", path, headers=headers) as response:
        assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert "origin" in listed(response.headers["Vary"])


@pytest.mark.parametrize("offered", [[V1], []], ids=["v1", "plain"])
async def test_the_answer_that_opens_a_socket_names_the_allowed_origin_like_any_other(
    client: Client, daemon: ScriptedDaemon, offered: list[str]
) -> None:
    headers = {"Origin": ORIGIN}
    socket = await client.websocket("v1/daemons/chat/websocket", offered, headers=headers)
    assert socket.response is not None
    assert socket.response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "origin" in listed(socket.response.headers["Vary"])
    assert listed(socket.response.headers["Access-Control-Expose-Headers"]) >= EXPOSED


async def test_an_allowed_origin_may_read_that_a_session_is_unknown(client: Client) -> None:
    headers = {"Origin": ORIGIN, "Authorization": "Bearer no"}
    answer = await client.request("GET", "v1/sessions/a-nobody/messages", headers=headers)
    answer.problem(404, "unknown-session")
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


@pytest.mark.parametrize(
    "origin",
    [
        FOREIGN_ORIGIN,
        "null",
        "http://play.example.com",
        "https://play.example.com:8443",
        "https://play.example.com.evil.example.net",
        "https://evil.play.example.com",
    ],
)
async def test_an_origin_is_denied_unless_it_is_exactly_configured(
    client: Client, daemon: ScriptedDaemon, origin: str
) -> None:
    answer = await client.post_open(headers={"Origin": origin})
    answer.problem(403, "origin-denied")
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert daemon.connections == []


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/messages"), ("POST", "/messages"), ("GET", "/events"), ("DELETE", "")],
)
async def test_the_origin_is_checked_on_every_verb(
    session: Session, daemon: ScriptedDaemon, method: str, path: str
) -> None:
    headers = session.with_key({"Origin": FOREIGN_ORIGIN})
    answer = await session.client.request(method, session.path + path, headers=headers)
    answer.problem(403, "origin-denied")
    await session.send(b"<still here/>")
    await (await daemon.accepted()).received_messages(b"<still here/>")


async def test_an_origin_of_another_daemon_does_not_open_this_ones_session(
    session: Session,
) -> None:
    headers = {"Origin": OTHER_ORIGIN}
    (await session.receive(headers=headers)).problem(403, "origin-denied")
    (await session.client.post_open("chat", headers)).problem(403, "origin-denied")
    assert (await session.client.post_open("blob", headers)).status == 201


async def test_a_client_that_is_no_browser_needs_no_origin(session: Session) -> None:
    answer = await session.receive()
    answer.empty()
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("path", ["websocket", "raw"])
async def test_a_handshake_from_a_foreign_origin_is_denied(
    client: Client, daemon: ScriptedDaemon, path: str
) -> None:
    headers = {"Origin": FOREIGN_ORIGIN}
    answer = await client.handshake(f"v1/daemons/chat/{path}", headers=headers)
    answer.problem(403, "origin-denied")
    assert daemon.connections == []


async def test_attaching_from_a_foreign_origin_is_denied(session: Session) -> None:
    headers = {"Origin": FOREIGN_ORIGIN}
    offered = [V1, f"key.{session.key}"]
    answer = await session.client.handshake(f"{session.path}/websocket", offered, headers=headers)
    answer.problem(403, "origin-denied")


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("v1/daemons/chat/sessions", "POST"),
        ("v1/daemons/chat/exchange", "POST"),
        ("v1/daemons/nowhere/sessions", "POST"),
        ("v1/sessions/a-nobody", "DELETE"),
        ("v1/sessions/a-nobody/messages", "GET"),
        ("v1/sessions/a-nobody/messages", "POST"),
        ("v1/sessions/a-nobody/events", "GET"),
    ],
)
async def test_a_preflight_is_answered_whether_or_not_there_is_such_a_session_or_daemon(
    client: Client, path: str, method: str
) -> None:
    headers = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type,xmlsocket-key",
    }
    answer = await client.request("OPTIONS", path, headers=headers)
    assert answer.status in {200, 204}
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    # The Fetch standard allows GET and POST without their being listed.
    listed_methods = listed(answer.headers["Access-Control-Allow-Methods"])
    assert method.lower() in listed_methods | {"get", "post"}
    allowed = listed(answer.headers["Access-Control-Allow-Headers"])
    assert allowed >= {"authorization", "content-type", "xmlsocket-key"}


async def test_a_preflight_looks_up_no_session_though_its_query_has_the_key(
    session: Session,
) -> None:
    headers = {"Origin": OTHER_ORIGIN, "Access-Control-Request-Method": "GET"}
    path, query = f"{session.path}/events", {"key": session.key}
    answer = await session.client.request("OPTIONS", path, query, headers)
    answer.empty()
    assert answer.headers["Access-Control-Allow-Origin"] == OTHER_ORIGIN


async def test_a_preflight_from_a_foreign_origin_allows_nothing(client: Client) -> None:
    headers = {"Origin": FOREIGN_ORIGIN, "Access-Control-Request-Method": "POST"}
    answer = await client.request("OPTIONS", "v1/daemons/chat/sessions", headers=headers)
    assert "Access-Control-Allow-Origin" not in answer.headers

"""Static tokens at the gate of a running bridge, on each way to open."""

import base64
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.auth.showing import as_subprotocol, bearer
from tests.support.answers import Answer
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client
from tests.support.configured import FOREIGN_ORIGIN
from tests.support.daemon import ScriptedDaemon
from tests.support.sockets import V1

WRITTEN = "written+into/the~file=="
FROM_FILE = "out-of-a-file-0123456789"
FROM_ENVIRONMENT = "out-of-the-environment"
OTHER = "one-that-opens-another"
ALL = [WRITTEN, FROM_FILE, FROM_ENVIRONMENT]

OPENINGS = [("POST", "sessions"), ("POST", "exchange"), ("GET", "websocket"), ("GET", "raw")]


@pytest.fixture(scope="module")
def bridge(
    start_bridge: StartBridge,
    daemon_socket: socket.socket,
    tmp_path_factory: pytest.TempPathFactory,
) -> RunningBridge:
    """`chat` is for those with a token, `open` for all, `other` for those with another one."""
    path: Path = tmp_path_factory.mktemp("secrets") / "bob"
    path.write_text(f"{FROM_FILE}\n")
    address = {"address": f"127.0.0.1:{daemon_socket.getsockname()[1]}", "messages": "text"}
    tokens = {"ada": WRITTEN, "bob": f"file:{path}", "eve": "env:EVES_TOKEN"}
    daemons = {
        "chat": address,
        "open": {**address, "auth": "none"},
        "other": {**address, "auth": {"tokens": {"zoe": OTHER}}},
    }
    return start_bridge(
        {"auth": {"tokens": tokens}, "daemons": daemons},
        environment={"EVES_TOKEN": FROM_ENVIRONMENT},
    )


@pytest.fixture
async def client(bridge: RunningBridge) -> AsyncIterator[Client]:
    async with Client(bridge.url) as connected:
        yield connected
    bridge.assert_no_traceback()


async def try_to_open(
    client: Client, method: str, path: str, headers: dict[str, str] | None = None
) -> Answer:
    """An opening that is to be refused."""
    path = f"v1/daemons/{path}"
    if method == "POST":
        return await client.request(method, path, headers=headers)
    return await client.handshake(path, headers=headers)


@pytest.mark.parametrize("token", ALL)
async def test_each_configured_token_opens(
    client: Client, daemon: ScriptedDaemon, token: str
) -> None:
    assert (await client.post_open("chat", bearer(token))).status == 201


async def test_a_token_is_good_for_an_exchange(client: Client, daemon: ScriptedDaemon) -> None:
    answer = await client.post_exchange(b"", 0, 1, "chat", bearer(WRITTEN))
    assert answer.status == 200


@pytest.mark.parametrize(
    ("path", "subprotocol"), [("websocket", V1), ("websocket", "xmlsocket"), ("raw", "binary")]
)
async def test_a_token_as_subprotocol_opens_and_is_not_echoed(
    client: Client, daemon: ScriptedDaemon, path: str, subprotocol: str
) -> None:
    offered = [subprotocol, as_subprotocol(WRITTEN)]
    opened = await client.websocket(f"v1/daemons/chat/{path}", offered)
    assert opened.subprotocol == subprotocol


async def test_a_token_in_a_header_opens_a_websocket(
    client: Client, daemon: ScriptedDaemon
) -> None:
    await client.websocket("v1/daemons/chat/raw", headers=bearer(FROM_FILE))
    await daemon.accepted()


@pytest.mark.parametrize(("method", "path"), OPENINGS)
async def test_without_a_token_nothing_is_opened_and_the_way_is_told(
    client: Client, daemon: ScriptedDaemon, method: str, path: str
) -> None:
    answer = await try_to_open(client, method, f"chat/{path}")
    answer.problem(401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="xmlsocket-bridge"'
    assert daemon.connections == []


WRONG = {
    "unknown": "Bearer not-one-of-the-configured",
    "a part": f"Bearer {WRITTEN[:-1]}",
    "another daemon's": f"Bearer {OTHER}",
    "not ASCII": "Bearer \u00e4\u00f6\u00fc",
    "a name": "Bearer ada",
}


@pytest.mark.parametrize(("method", "path"), OPENINGS)
@pytest.mark.parametrize("authorization", WRONG.values(), ids=WRONG)
async def test_with_a_wrong_token_nothing_is_opened(
    client: Client, daemon: ScriptedDaemon, method: str, path: str, authorization: str
) -> None:
    headers = {"Authorization": authorization}
    answer = await try_to_open(client, method, f"chat/{path}", headers)
    answer.problem(401, "unauthenticated")
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    assert daemon.connections == []


@pytest.mark.parametrize("subprotocol", ["token.", "token.a", "token.____", f"token.{FROM_FILE}"])
async def test_a_subprotocol_that_holds_no_token_opens_nothing(
    client: Client, daemon: ScriptedDaemon, subprotocol: str
) -> None:
    answer = await client.handshake("v1/daemons/chat/websocket", [V1, subprotocol])
    answer.problem(401, "unauthenticated")
    assert daemon.connections == []


async def test_basic_credentials_are_no_token(client: Client, daemon: ScriptedDaemon) -> None:
    basic = "Basic " + base64.b64encode(f"ada:{WRITTEN}".encode()).decode()
    answer = await client.post_open("chat", {"Authorization": basic})
    answer.problem(401, "unauthenticated")


async def test_an_open_daemon_asks_for_none(client: Client, daemon: ScriptedDaemon) -> None:
    assert (await client.post_open("open")).status == 201


async def test_a_daemon_with_tokens_of_its_own_takes_them_alone(
    client: Client, daemon: ScriptedDaemon
) -> None:
    assert (await client.post_open("other", bearer(OTHER))).status == 201
    (await client.post_open("other", bearer(WRITTEN))).problem(401, "unauthenticated")


async def test_a_good_token_lets_no_page_in_that_the_origins_refuse(
    client: Client, daemon: ScriptedDaemon
) -> None:
    headers = {"Origin": FOREIGN_ORIGIN, **bearer(WRITTEN)}
    (await client.post_open("chat", headers)).problem(403, "origin-denied")


async def test_later_requests_prove_themselves_by_the_key(
    client: Client, daemon: ScriptedDaemon
) -> None:
    session = await client.open("chat", bearer(WRITTEN))
    (await session.send(b"hello", first=1)).empty()
    answer = await client.request("GET", session.messages_path, headers=bearer(WRITTEN))
    answer.problem(404, "unknown-session")


async def test_the_log_has_the_name_and_never_the_token(
    client: Client, daemon: ScriptedDaemon, bridge: RunningBridge
) -> None:
    await client.open("chat", bearer(FROM_ENVIRONMENT))
    assert "session opened" in await bridge.logged("user=eve")
    (await client.post_open("chat", bearer("not-one-of-the-configured"))).problem(401)
    await bridge.logged("code=unauthenticated")
    log = "\n".join(bridge.log_lines)
    assert not [token for token in [*ALL, OTHER, "not-one-of-the"] if token in log]


async def ticket_for(client: Client, token: str) -> str:
    answer = await client.request("POST", "v1/tickets", headers=bearer(token))
    assert answer.status == 201, answer
    ticket: str = answer.json()["ticket"]
    return ticket


async def test_a_ticket_opens_one_session(
    client: Client, daemon: ScriptedDaemon, bridge: RunningBridge
) -> None:
    query = {"ticket": await ticket_for(client, FROM_FILE)}
    path = "v1/daemons/chat/sessions"
    assert (await client.request("POST", path, query)).status == 201
    (await client.request("POST", path, query)).problem(401, "unauthenticated")
    assert len(daemon.connections) == 1
    await bridge.logged("user=bob")
    assert not bridge.lines_with(query["ticket"])


@pytest.mark.parametrize("path", ["websocket", "raw"])
async def test_a_ticket_opens_a_socket(client: Client, daemon: ScriptedDaemon, path: str) -> None:
    query = {"ticket": await ticket_for(client, WRITTEN)}
    await client.websocket(f"v1/daemons/chat/{path}", query=query)
    await daemon.accepted()


async def test_a_ticket_is_for_what_its_token_is_good_for(
    client: Client, daemon: ScriptedDaemon
) -> None:
    query = {"ticket": await ticket_for(client, OTHER)}
    answer = await client.request("POST", "v1/daemons/chat/sessions", query)
    answer.problem(403, "not-allowed")
    assert daemon.connections == []


async def test_a_ticket_given_twice_is_a_bad_parameter(
    client: Client, daemon: ScriptedDaemon
) -> None:
    ticket = await ticket_for(client, WRITTEN)
    query = f"ticket={ticket}&ticket={ticket}"
    answer = await client.request("POST", "v1/daemons/chat/sessions", query)
    answer.problem(400, "bad-parameter")


@pytest.mark.parametrize("headers", [{}, bearer("not-one-of-the-configured")])
async def test_no_ticket_without_a_good_token(client: Client, headers: dict[str, str]) -> None:
    answer = await client.request("POST", "v1/tickets", headers=headers)
    answer.problem(401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


async def test_no_ticket_for_pages_that_may_reach_no_daemon(client: Client) -> None:
    headers = {"Origin": FOREIGN_ORIGIN, **bearer(WRITTEN)}
    answer = await client.request("POST", "v1/tickets", headers=headers)
    answer.problem(403, "origin-denied")

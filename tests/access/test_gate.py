"""Pages at the gate of a running bridge: let in and refused on every verb, under each policy."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.access.policies import PolicyPort, control, grant, policy, policy_server
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client, Session
from tests.support.configured import FOREIGN_ORIGIN, ORIGIN
from tests.support.daemon import ScriptedDaemon
from tests.support.sockets import V1

PLAY = policy(control("master-only"), grant("play.example.com"))


@pytest.fixture(scope="module")
def policy_port() -> Iterator[int]:
    """Serves a policy that lets pages of `ORIGIN`'s host in."""
    with policy_server(PLAY) as server:
        yield server.port


@pytest.fixture(scope="module")
def bridge(
    start_bridge: StartBridge,
    daemon_socket: socket.socket,
    policy_port: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> RunningBridge:
    """A bridge that knows the scripted daemon under each kind of policy."""
    path = tmp_path_factory.mktemp("policy") / "policy.xml"
    path.write_bytes(PLAY)
    scripted = {
        "address": f"127.0.0.1:{daemon_socket.getsockname()[1]}",
        "messages": "text",
        "policy_port": policy_port,
    }
    daemons = {
        "none": {**scripted, "origins": [ORIGIN]},
        "ask": {**scripted, "policy": "ask"},
        "file": {**scripted, "policy": f"file:{path}"},
        "any": {**scripted, "origins": ["*"]},
        "local": {**scripted, "origins": ["*"], "null_origin": True},
        "pages": {**scripted, "origins": [ORIGIN], "missing_origin": False},
    }
    return start_bridge({"daemons": daemons})


@pytest.fixture
async def client(bridge: RunningBridge) -> AsyncIterator[Client]:
    async with Client(bridge.url) as connected:
        yield connected
    bridge.assert_no_traceback()


@pytest.fixture(params=["none", "ask", "file"])
def kind(request: pytest.FixtureRequest) -> str:
    """A daemon that lets pages of `ORIGIN` in by this kind of policy."""
    kind: str = request.param
    return kind


@pytest.fixture
async def session(client: Client, daemon: ScriptedDaemon, kind: str) -> Session:
    """A session that some program has opened."""
    return await client.open(kind)


OPENINGS = [
    ("POST", "sessions", 201),
    ("POST", "exchange?replies=1&timeout=0.05", 200),
    ("OPTIONS", "sessions", 204),
    ("OPTIONS", "exchange", 204),
    ("OPTIONS", "websocket", 204),
]


@pytest.mark.parametrize(("method", "path", "status"), OPENINGS)
async def test_a_page_that_is_let_in_may_open(
    client: Client, daemon: ScriptedDaemon, kind: str, method: str, path: str, status: int
) -> None:
    path, _, query = f"v1/daemons/{kind}/{path}".partition("?")
    answer = await client.request(method, path, query, {"Origin": ORIGIN})
    assert answer.status == status
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


@pytest.mark.parametrize(("method", "path", "status"), OPENINGS)
async def test_a_page_that_is_refused_may_open_nothing(
    client: Client, daemon: ScriptedDaemon, kind: str, method: str, path: str, status: int
) -> None:
    path, _, query = f"v1/daemons/{kind}/{path}".partition("?")
    answer = await client.request(method, path, query, {"Origin": FOREIGN_ORIGIN})
    answer.problem(403, "origin-denied")
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert daemon.connections == []


@pytest.mark.parametrize("path", ["websocket", "raw"])
async def test_a_page_that_is_let_in_may_shake_hands(
    client: Client, daemon: ScriptedDaemon, kind: str, path: str
) -> None:
    socket = await client.websocket(f"v1/daemons/{kind}/{path}", headers={"Origin": ORIGIN})
    await daemon.accepted()
    await socket.close()


@pytest.mark.parametrize("path", ["websocket", "raw"])
async def test_a_page_that_is_refused_may_not_shake_hands(
    client: Client, daemon: ScriptedDaemon, kind: str, path: str
) -> None:
    headers = {"Origin": FOREIGN_ORIGIN}
    answer = await client.handshake(f"v1/daemons/{kind}/{path}", headers=headers)
    answer.problem(403, "origin-denied")
    assert daemon.connections == []


ON_A_SESSION = [
    ("GET", "/messages", 204),
    ("POST", "/messages", 204),
    ("DELETE", "", 204),
]


@pytest.mark.parametrize(("method", "path", "status"), ON_A_SESSION)
async def test_a_page_that_is_let_in_may_use_a_session(
    session: Session, method: str, path: str, status: int
) -> None:
    headers = session.with_key({"Origin": ORIGIN})
    answer = await session.client.request(method, session.path + path, headers=headers)
    assert answer.status == status
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


@pytest.mark.parametrize(
    ("method", "path"), [*(case[:2] for case in ON_A_SESSION), ("GET", "/events")]
)
async def test_a_page_that_is_refused_may_not_use_a_session(
    session: Session, daemon: ScriptedDaemon, method: str, path: str
) -> None:
    headers = session.with_key({"Origin": FOREIGN_ORIGIN})
    answer = await session.client.request(
        method, session.path + path, headers=headers, body=b"<no/>\0" if method == "POST" else None
    )
    answer.problem(403, "origin-denied")
    await session.send(b"<still here/>")
    await (await daemon.accepted()).received_messages(b"<still here/>")


async def test_a_page_that_is_let_in_may_listen_to_events(session: Session) -> None:
    headers = session.with_key({"Origin": ORIGIN})
    async with session.client.streamed("GET", f"{session.path}/events", headers=headers) as stream:
        assert stream.status == 200
        assert stream.headers["Access-Control-Allow-Origin"] == ORIGIN


async def test_only_a_page_that_is_let_in_may_attach(session: Session) -> None:
    path, offered = f"{session.path}/websocket", [V1, f"key.{session.key}"]
    refused = await session.client.handshake(path, offered, headers={"Origin": FOREIGN_ORIGIN})
    refused.problem(403, "origin-denied")
    socket = await session.client.websocket(path, offered, headers={"Origin": ORIGIN})
    await socket.close()


async def test_a_page_of_another_scheme_is_meant_by_a_policy_but_not_by_origins(
    client: Client, daemon: ScriptedDaemon, kind: str
) -> None:
    answer = await client.post_open(kind, {"Origin": "http://play.example.com:8000"})
    assert answer.status == (403 if kind == "none" else 201)


@pytest.mark.parametrize("kind", ["none", "ask", "file", "any", "local", "pages"])
async def test_a_page_of_the_bridges_own_host_is_let_in(
    client: Client, daemon: ScriptedDaemon, kind: str
) -> None:
    answer = await client.post_open(kind, {"Origin": client.url.rstrip("/")})
    assert answer.status == 201


async def test_a_page_is_told_of_the_daemons_that_it_may_reach(client: Client) -> None:
    async def told(origin: str) -> set[str]:
        answer = await client.request("GET", "v1/daemons", headers={"Origin": origin})
        return {daemon["name"] for daemon in answer.json()["daemons"]}

    assert await told(ORIGIN) == {"none", "ask", "file", "any", "local", "pages"}
    assert await told(FOREIGN_ORIGIN) == {"any", "local"}
    assert await told("null") == {"local"}


# -- local files, and what is no page


async def test_a_local_file_is_let_in_only_where_null_origin_is_true(
    client: Client, daemon: ScriptedDaemon
) -> None:
    headers = {"Origin": "null"}
    (await client.post_open("any", headers)).problem(403, "origin-denied")
    answer = await client.post_open("local", headers)
    assert answer.status == 201
    assert answer.headers["Access-Control-Allow-Origin"] == "null"


async def test_a_program_is_let_in_unless_missing_origin_is_false(
    client: Client, daemon: ScriptedDaemon, kind: str
) -> None:
    assert (await client.post_open(kind)).status == 201
    refused = (await client.post_open("pages")).problem(403, "origin-denied")
    assert refused["detail"] == "requests without an Origin may not reach pages"


async def test_a_browser_that_leaves_origin_out_says_whose_page_it_is(
    client: Client, daemon: ScriptedDaemon
) -> None:
    """Chromium and Firefox send no Origin with a GET to the page's own host."""
    session = await client.open("pages", {"Origin": ORIGIN})
    (await session.receive()).problem(403, "origin-denied")
    assert (await session.receive(headers={"Sec-Fetch-Site": "same-origin"})).status == 204
    (await session.receive(headers={"Sec-Fetch-Site": "cross-site"})).problem(403)


# -- as it comes about


async def test_the_rule_that_refused_a_page_is_in_the_log_and_not_in_the_answer(
    start_bridge: StartBridge, policy_port: int, own: PolicyPort
) -> None:
    game = {"address": f"127.0.0.1:{own.port}", "policy": "ask", "policy_port": policy_port}
    bridge = start_bridge({"daemons": {"game": game}})
    async with Client(bridge.url) as client:
        refused = (await client.post_open("game", {"Origin": FOREIGN_ORIGIN})).problem(403)
    assert refused["detail"] == "pages of this origin may not reach game"
    line = await bridge.logged("request refused")
    assert "no allow-access-from in the policy from port" in line
    assert "master-only" in line


async def test_the_first_page_waits_for_the_daemons_answer(
    start_bridge: StartBridge, own: PolicyPort, dead_port: int
) -> None:
    own.answer = PLAY
    game = {"address": f"127.0.0.1:{own.port}", "policy": "ask", "policy_port": dead_port}
    bridge = start_bridge({"daemons": {"game": game}})
    async with Client(bridge.url) as client:
        assert (await client.post_open("game", {"Origin": ORIGIN})).status == 201
    assert own.questions == 1
    await bridge.logged(
        f"policy of a daemon daemon=game ports={own.port} site_control=all grants=1"
    )


async def test_the_first_page_waits_on_a_session_too(
    start_bridge: StartBridge, own: PolicyPort, dead_port: int
) -> None:
    game = {"address": f"127.0.0.1:{own.port}", "policy": "ask", "policy_port": dead_port}
    bridge = start_bridge({"daemons": {"game": game}})
    question = await own.daemon.accepted()
    async with Client(bridge.url) as client:
        session = await client.open("game")
        receiving = asyncio.ensure_future(session.receive(headers={"Origin": ORIGIN}))
        await session.receive()  # long enough for the other to have been refused
        assert not receiving.done()
        question.say(PLAY)
        assert (await receiving).status == 204


@pytest.mark.parametrize("method", ["OPTIONS", "GET"])
async def test_the_first_page_waits_on_a_session_that_is_gone(
    start_bridge: StartBridge, own: PolicyPort, dead_port: int, method: str
) -> None:
    """A browser hides the answer to a page that is not let in: it would come back for ever. Which
    daemon the session was of nobody knows any more, nor who owns the one of a preflight."""
    game = {"address": f"127.0.0.1:{own.port}", "policy": "ask", "policy_port": dead_port}
    bridge = start_bridge({"daemons": {"game": game, "silent": {"embedded": "chat"}}})
    question = await own.daemon.accepted()
    path, headers = "v1/sessions/n-gone/messages", {"Origin": ORIGIN}
    async with Client(bridge.url) as client:
        asking = asyncio.ensure_future(client.request(method, path, headers=headers))
        await client.open("silent")  # long enough for the other to have been refused
        assert not asking.done()
        question.say(PLAY)
        answer = await asking
    assert answer.status == (204 if method == "OPTIONS" else 404)
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


async def test_a_daemon_that_changes_its_policy_is_followed(
    start_bridge: StartBridge, own: PolicyPort, dead_port: int
) -> None:
    own.answer = policy()
    game = {"address": f"127.0.0.1:{own.port}", "policy": "ask", "policy_port": dead_port}
    bridge = start_bridge({"policy_max_age_s": 0.1, "daemons": {"game": game}})
    async with Client(bridge.url) as client:
        (await client.post_open("game", {"Origin": ORIGIN})).problem(403, "origin-denied")
        own.answer = PLAY
        await bridge.logged("grants=1")
        assert (await client.post_open("game", {"Origin": ORIGIN})).status == 201


async def test_a_policy_counts_while_its_daemon_is_down(
    start_bridge: StartBridge, dead_port: int, own: PolicyPort
) -> None:
    """The page gets as far as to be told that the daemon is down."""
    with policy_server(PLAY) as server:
        game = {
            "address": f"127.0.0.1:{dead_port}",
            "policy": "ask",
            "policy_port": server.port,
        }
        bridge = start_bridge({"policy_max_age_s": 0.1, "daemons": {"game": game}})
        async with Client(bridge.url) as client:
            answer = await client.post_open("game", {"Origin": ORIGIN})
            answer.problem(502, "daemon-unreachable")
    async with Client(bridge.url) as client:
        answer = await client.post_open("game", {"Origin": ORIGIN})
        answer.problem(502, "daemon-unreachable")


def test_a_policy_file_that_cannot_be_used_ends_the_bridge_before_it_serves(
    start_bridge: StartBridge, tmp_path: Path
) -> None:
    path = tmp_path / "policy.xml"
    path.write_bytes(b"<policy/>")
    daemons = {"game": {"embedded": "chat", "policy": f"file:{path}"}}
    with pytest.raises(AssertionError, match=f"daemons.game.policy: {path}: its root element"):
        start_bridge({"daemons": daemons})

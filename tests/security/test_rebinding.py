"""DNS rebinding: a page under a name whose owner lets it lead to the bridge."""

from collections.abc import AsyncIterator

import pytest

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client
from tests.support.configured import ORIGIN
from tests.support.daemon import ScriptedDaemon

REBOUND = {"Host": "evil.example:8080", "Origin": "http://evil.example:8080"}
OPENINGS = [
    ("POST", "sessions"),
    ("POST", "exchange"),
    ("GET", "websocket"),
    ("GET", "raw"),
]


@pytest.fixture(scope="module")
def daemons(address: str) -> dict[str, object]:
    return {"chat": {"address": address, "origins": [ORIGIN]}}


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, daemons: dict[str, object]) -> RunningBridge:
    """As it comes: nothing is said of its names."""
    return start_bridge({"daemons": daemons})


@pytest.fixture(scope="module")
def named_bridge(start_bridge: StartBridge, daemons: dict[str, object]) -> RunningBridge:
    return start_bridge({"daemons": daemons, "hosts": ["bridge.example.com"]})


@pytest.fixture
async def client(bridge: RunningBridge) -> AsyncIterator[Client]:
    async with Client(bridge.url) as client:
        yield client


@pytest.mark.parametrize(("method", "path"), OPENINGS)
async def test_a_page_under_a_foreign_name_opens_nothing_unless_that_is_configured(
    client: Client, daemon: ScriptedDaemon, method: str, path: str
) -> None:
    answer = await client.request(method, f"v1/daemons/chat/{path}", headers=REBOUND)
    answer.problem(403, "origin-denied")
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert daemon.connections == []


async def test_a_page_under_a_foreign_name_is_told_of_no_daemon(client: Client) -> None:
    answer = await client.request("GET", "v1/daemons", headers=REBOUND)
    assert answer.json() == {"daemons": []}


async def test_the_log_says_what_is_missing(bridge: RunningBridge, client: Client) -> None:
    await client.post_open(headers=REBOUND)
    assert "not among hosts" in await bridge.logged("request refused")


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "localhost:8080", "Origin": "http://localhost:8080"},
        {"Host": "gamebox:8080", "Origin": "http://gamebox:8080"},
        {"Host": "bridge.example.com", "Origin": "https://bridge.example.com"},
        {"Host": "evil.example", "Origin": ORIGIN},
        {"Host": "evil.example"},
    ],
    ids=["localhost", "a name of the local network", "TLS", "a configured origin", "a program"],
)
async def test_others_need_no_configured_name(
    client: Client, daemon: ScriptedDaemon, headers: dict[str, str]
) -> None:
    assert (await client.post_open(headers=headers)).status == 201


@pytest.fixture
async def named(named_bridge: RunningBridge) -> AsyncIterator[Client]:
    async with Client(named_bridge.url) as client:
        yield client


@pytest.mark.parametrize(("method", "path"), [*OPENINGS, ("OPTIONS", "sessions")])
@pytest.mark.parametrize("origin", [None, ORIGIN, "http://evil.example:8080"])
async def test_with_names_configured_no_other_is_answered(
    named: Client, daemon: ScriptedDaemon, method: str, path: str, origin: str | None
) -> None:
    headers = {"Host": REBOUND["Host"], **({} if origin is None else {"Origin": origin})}
    answer = await named.request(method, f"v1/daemons/chat/{path}", headers=headers)
    answer.problem(421, "unknown-host")
    assert daemon.connections == []


@pytest.mark.parametrize("path", ["", "xmlsocket.js", "crossdomain.xml", "v1/daemons", "nothing"])
async def test_with_names_configured_no_other_is_shown_anything(named: Client, path: str) -> None:
    answer = await named.request("GET", path, headers={"Host": REBOUND["Host"]})
    answer.problem(421, "unknown-host")


async def test_pages_of_a_configured_name_are_the_bridges_own(
    named: Client, daemon: ScriptedDaemon
) -> None:
    headers = {"Host": "bridge.example.com:8080", "Origin": "http://bridge.example.com:8080"}
    assert (await named.post_open(headers=headers)).status == 201

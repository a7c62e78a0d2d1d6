"""DNS rebinding: a page under a name whose owner lets it lead to the bridge."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import UnixConnector
from multidict import CIMultiDict

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client
from tests.support.configured import ORIGIN
from tests.support.daemon import ScriptedDaemon

REBOUND = {"Host": "evil.example:8080", "Origin": "http://evil.example:8080"}
REBOUND_FROM_TLS = {**REBOUND, "Origin": "https://evil.example:8080"}
"""The page came over TLS, from its own server, before the name was turned."""
TLS = {"X-Forwarded-Proto": "https"}
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


@pytest.fixture(scope="module")
def proxied_bridge(start_bridge: StartBridge, daemons: dict[str, object]) -> RunningBridge:
    """The tests are its proxy."""
    return start_bridge({"daemons": daemons, "trusted_proxies": ["127.0.0.1"]})


@pytest.fixture
async def client(bridge: RunningBridge) -> AsyncIterator[Client]:
    async with Client(bridge.url) as client:
        yield client


@pytest.mark.parametrize(("method", "path"), [*OPENINGS, ("OPTIONS", "sessions")])
@pytest.mark.parametrize(
    "headers",
    [REBOUND, REBOUND_FROM_TLS, {**REBOUND_FROM_TLS, **TLS}],
    ids=["plain", "from TLS", "from TLS as it says"],
)
async def test_a_page_under_a_foreign_name_opens_nothing_unless_that_is_configured(
    client: Client, daemon: ScriptedDaemon, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = await client.request(method, f"v1/daemons/chat/{path}", headers=headers)
    answer.problem(403, "origin-denied")
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert daemon.connections == []


async def test_a_page_under_a_foreign_name_is_told_of_no_daemon(client: Client) -> None:
    for headers in (REBOUND, REBOUND_FROM_TLS):
        answer = await client.request("GET", "v1/daemons", headers=headers)
        assert answer.json() == {"daemons": []}


async def test_the_log_says_what_is_missing(
    start_bridge: StartBridge, daemons: dict[str, object]
) -> None:
    bridge = start_bridge({"daemons": daemons})  # which has refused nothing else
    async with Client(bridge.url) as client:
        await client.post_open(headers=REBOUND_FROM_TLS)
    line = await bridge.logged("request refused")
    assert "not among hosts: if the name is yours, write it there, or the proxy" in line
    assert "below trusted_proxies" in line


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "localhost:8080", "Origin": "http://localhost:8080"},
        {"Host": "gamebox:8080", "Origin": "http://gamebox:8080"},
        {"Host": "gamebox", "Origin": "https://gamebox"},
        {"Host": "evil.example", "Origin": ORIGIN},
        {"Host": "evil.example"},
    ],
    ids=["localhost", "a local name", "a local name over TLS", "a configured origin", "a program"],
)
async def test_others_need_no_configured_name(
    client: Client, daemon: ScriptedDaemon, headers: dict[str, str]
) -> None:
    assert (await client.post_open(headers=headers)).status == 201


@pytest.fixture
async def proxied(proxied_bridge: RunningBridge) -> AsyncIterator[Client]:
    async with Client(proxied_bridge.url) as client:
        yield client


async def test_a_page_that_a_trusted_proxy_had_over_tls_needs_no_configured_name(
    proxied: Client, daemon: ScriptedDaemon
) -> None:
    headers = {"Host": "bridge.example.com", "Origin": "https://bridge.example.com", **TLS}
    assert (await proxied.post_open(headers=headers)).status == 201


@pytest.mark.parametrize("said", [[], ["http"], ["HTTPS"], ["http, https"], ["https", "http"]])
async def test_a_trusted_proxy_that_says_nothing_of_tls_vouches_for_no_name(
    proxied: Client, daemon: ScriptedDaemon, said: list[str]
) -> None:
    words = [("X-Forwarded-Proto", word) for word in said]
    headers = CIMultiDict([*REBOUND_FROM_TLS.items(), *words])
    (await proxied.post_open(headers=headers)).problem(403, "origin-denied")
    assert daemon.connections == []


async def test_a_plain_page_needs_a_configured_name_behind_a_trusted_proxy_too(
    proxied: Client, daemon: ScriptedDaemon
) -> None:
    for said in (TLS, {"X-Forwarded-Proto": "http"}):
        answer = await proxied.post_open(headers={**REBOUND, **said})
        answer.problem(403, "origin-denied")


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("trusted", [[], ["unix"]], ids=["untrusted", "trusted"])
async def test_behind_a_unix_socket_the_proxy_answers_for_every_name(
    start_bridge: StartBridge,
    daemons: dict[str, object],
    daemon: ScriptedDaemon,
    tmp_path_factory: pytest.TempPathFactory,
    trusted: list[str],
    scheme: str,
) -> None:
    path = tmp_path_factory.mktemp("s") / "bridge"
    keys = {"listen": f"unix:{path}", "trusted_proxies": trusted}
    start_bridge({"daemons": daemons, **keys})
    said = {"X-Forwarded-Proto": scheme}
    async with Client("http://play.example/", UnixConnector(str(path))) as nginx:
        answer = await nginx.post_open(headers={"Origin": f"{scheme}://play.example", **said})
        assert answer.status == 201


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

"""The files that a browser loads, and who may load them."""

from collections.abc import AsyncIterator

import pytest

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client

FOREIGN = {"Origin": "https://evil.example.net"}


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge) -> RunningBridge:
    return start_bridge({"base_path": "/bridge/", "daemons": {"demo": {"embedded": "chat"}}})


@pytest.fixture
async def client(bridge: RunningBridge) -> AsyncIterator[Client]:
    async with Client(bridge.url) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("", "text/html"),
        ("xmlsocket.js", "text/javascript"),
        ("client/link.js", "text/javascript"),
        ("console/console.css", "text/css"),
        ("icon.svg", "image/svg+xml"),
    ],
)
async def test_files_have_their_types(client: Client, path: str, media_type: str) -> None:
    answer = await client.request("GET", path)
    assert (answer.status, answer.media_type) == (200, media_type)


@pytest.mark.parametrize("path", ["package.json", "client/", "index.html", "client/../console.js"])
async def test_nothing_else_is_served(client: Client, path: str) -> None:
    (await client.request("GET", path)).problem(404, "not-found")


async def test_any_page_may_load_the_client(client: Client) -> None:
    """Its origin is checked when it connects, where it can be told."""
    answer = await client.request("GET", "xmlsocket.js", headers=FOREIGN)
    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["", "doctor"])
async def test_a_page_runs_the_bridges_own_scripts_alone_and_stands_in_no_other_page(
    client: Client, path: str
) -> None:
    headers = (await client.request("GET", path)).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["xmlsocket.js", "ruffle.js", "client/endpoint.js"])
async def test_a_script_may_be_loaded_by_isolated_pages_of_other_origins_too(
    client: Client, path: str
) -> None:
    headers = (await client.request("GET", path)).headers
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"


async def test_the_base_path_without_its_slash_leads_on(bridge: RunningBridge) -> None:
    async with Client(bridge.url.removesuffix("bridge/")) as client:
        answer = await client.request("GET", "bridge")
    assert (answer.status, answer.headers["Location"]) == (308, "/bridge/")

"""`/ruffle.js` as a browser gets it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.answers import Answer
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge) -> RunningBridge:
    """Daemons with aliases of every form."""
    aliases = ["Game.example.com:9339", "lobby", "127.0.0.1:9339", "[2001:db8::1]:9339", "a:b"]
    daemons = {
        "game": {"embedded": "chat", "aliases": aliases, "max_message_bytes": 5000},
        "other": {
            "embedded": "chat",
            "aliases": ["other.example.com:9339"],
            "messages": "text",
        },
        "no-alias": {"embedded": "chat"},
    }
    return start_bridge({"base_path": "/bridge/", "console": False, "daemons": daemons})


@pytest.fixture
async def answer(bridge: RunningBridge) -> AsyncIterator[Answer]:
    """The script, asked for by a page of whatever origin."""
    async with Client(bridge.url) as client:
        yield await client.request("GET", "ruffle.js", headers={"Origin": "https://example.net"})


def ways(script: Answer) -> list[dict[str, Any]]:
    """What the script's functions are called with."""
    arguments = script.body.decode().rpartition("})(")[2].removesuffix("));\n")
    given: list[dict[str, Any]] = json.loads(arguments)
    return given


def test_it_names_the_aliases_that_are_host_and_port(answer: Answer) -> None:
    assert [(way["host"], way["port"], way["daemon"]) for way in ways(answer)] == [
        ("Game.example.com", 9339, "game"),
        ("127.0.0.1", 9339, "game"),
        ("2001:db8::1", 9339, "game"),
        ("other.example.com", 9339, "other"),
    ]


def test_it_knows_what_the_messages_of_each_daemon_are(answer: Answer) -> None:
    of_daemons = {way["daemon"]: (way["messages"], way["maxMessageBytes"]) for way in ways(answer)}
    assert of_daemons == {"game": ("xml", 5000), "other": ("text", 1 << 20)}


@pytest.mark.parametrize("path", ["ruffle/carrier.js", "ruffle/cutter.js", "xmlsocket.js"])
async def test_what_it_loads_is_there_without_a_console(bridge: RunningBridge, path: str) -> None:
    async with Client(bridge.url) as client:
        answer = await client.request("GET", path, headers={"Origin": "https://example.net"})
    assert (answer.status, answer.media_type) == (200, "text/javascript")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_any_page_may_load_it_and_it_is_taken_for_nothing_else(answer: Answer) -> None:
    assert answer.media_type == "text/javascript"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_browser_asks_again_since_the_configuration_may_have_changed(answer: Answer) -> None:
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_is_plain_ascii_that_no_page_can_misread(answer: Answer) -> None:
    assert answer.body.isascii()
    assert b"</" not in answer.body

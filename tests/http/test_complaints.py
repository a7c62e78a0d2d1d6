"""What the log says of requests that were refused."""

from collections.abc import AsyncIterator

import pytest

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client
from tests.support.nginx import free_ports

FOREIGN = {"Origin": "https://evil.example.net"}


@pytest.fixture
def bridge(start_bridge: StartBridge) -> RunningBridge:
    """Its only daemon is down."""
    address = f"127.0.0.1:{free_ports(1)[0]}"
    return start_bridge({"daemons": {"down": {"address": address}}})


@pytest.fixture
async def client(bridge: RunningBridge) -> AsyncIterator[Client]:
    async with Client(bridge.url) as client:
        yield client


def complaints(bridge: RunningBridge) -> list[str]:
    """The lines so far; after the bridge has stopped, all of them."""
    bridge.stop()
    return [line for line in bridge.log_lines if "request refused" in line]


async def test_a_daemon_that_is_down_is_told_with_the_reason(
    bridge: RunningBridge, client: Client
) -> None:
    (await client.post_open("down")).problem(502, "daemon-unreachable")
    (line,) = complaints(bridge)
    assert "code=daemon-unreachable" in line
    assert "path=/v1/daemons/down/sessions" in line
    assert "Connect call failed" in line or "Connection refused" in line


async def test_the_same_complaint_has_one_line(bridge: RunningBridge, client: Client) -> None:
    for _ in range(20):
        (await client.post_open("down")).problem(502, "daemon-unreachable")
    assert len(complaints(bridge)) == 1


async def test_a_denied_origin_is_told(bridge: RunningBridge, client: Client) -> None:
    (await client.post_open("down", FOREIGN)).problem(403, "origin-denied")
    (line,) = complaints(bridge)
    assert "code=origin-denied" in line
    assert f"origin={FOREIGN['Origin']}" in line


async def test_made_up_names_fill_no_log(bridge: RunningBridge, client: Client) -> None:
    for number in range(20):
        (await client.post_open(f"made-up-{number}")).problem(404, "unknown-daemon")
    assert len(complaints(bridge)) == 1


async def test_what_the_client_alone_did_wrong_is_not_told(
    bridge: RunningBridge, client: Client
) -> None:
    (await client.request("GET", "nowhere")).problem(404, "not-found")
    (await client.request("GET", "v1/sessions/a-b/messages")).problem(404, "unknown-session")
    assert complaints(bridge) == []

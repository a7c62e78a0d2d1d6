"""What the log says of requests that were refused."""

from collections.abc import AsyncIterator

import pytest

from bridge.auth.identity import NotNamed
from bridge.http.origin import Denied
from bridge.http.refusal_log import sort_of
from bridge.tunnel.pace.quota import Crowded
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client
from tests.support.nginx import free_ports

FOREIGN = {"Origin": "https://evil.example.net"}
FORWARDED = {"X-Forwarded-For": "203.0.113.9"}
TOKEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def address() -> str:
    """Where nobody listens."""
    return f"127.0.0.1:{free_ports(1)[0]}"


@pytest.fixture
def bridge(start_bridge: StartBridge, address: str) -> RunningBridge:
    """Its daemons are down; `guarded` is for those with a token."""
    guarded = {"address": address, "auth": {"tokens": {"ada": TOKEN}}}
    down = {"address": address, "aliases": ["game.example.com:9339"]}
    return start_bridge({"daemons": {"down": down, "guarded": guarded}})


@pytest.fixture
async def client(bridge: RunningBridge) -> AsyncIterator[Client]:
    async with Client(bridge.url) as client:
        yield client


def refusals(bridge: RunningBridge) -> list[str]:
    """The lines so far; after the bridge has stopped, all of them."""
    bridge.stop()
    return [line for line in bridge.log_lines if "request refused" in line]


async def test_a_daemon_that_is_down_is_a_warning_with_its_address_and_the_reason(
    bridge: RunningBridge, client: Client, address: str
) -> None:
    (await client.post_open("down")).problem(502, "daemon-unreachable")
    (line,) = refusals(bridge)
    assert (
        f" WARNING request refused code=daemon-unreachable daemon=down address={address} "
        "path=/v1/daemons/down/sessions "
    ) in line
    assert "Connect call failed" in line or "Connection refused" in line


async def test_an_alias_and_the_name_are_one_daemon(bridge: RunningBridge, client: Client) -> None:
    for name in ("down", "game.example.com:9339"):
        (await client.post_open(name)).problem(502, "daemon-unreachable")
    assert len(refusals(bridge)) == 1


async def test_the_same_complaint_has_one_line(bridge: RunningBridge, client: Client) -> None:
    for _ in range(20):
        (await client.post_open("down")).problem(502, "daemon-unreachable")
    (line,) = refusals(bridge)
    assert "more=" not in line


async def test_each_reason_for_which_credentials_are_refused_has_a_line(
    bridge: RunningBridge, client: Client
) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {}):
        (await client.post_open("guarded", headers)).problem(401, "unauthenticated")
    first, second = refusals(bridge)
    assert 'reason="no token"' in first
    assert 'reason="the token is not known"' in second


async def test_a_denied_origin_is_told(bridge: RunningBridge, client: Client) -> None:
    (await client.post_open("down", FOREIGN)).problem(403, "origin-denied")
    (line,) = refusals(bridge)
    assert " INFO request refused code=origin-denied daemon=down " in line
    assert f"origin={FOREIGN['Origin']}" in line


@pytest.mark.parametrize(
    ("path", "daemon", "rule"),
    [
        ("v1/daemons/down/sessions", " daemon=down ", "policy is none"),
        ("v1/tickets", " ", "no daemon lets it in"),
    ],
)
async def test_a_denied_preflight_is_told_with_the_rule(
    bridge: RunningBridge, client: Client, path: str, daemon: str, rule: str
) -> None:
    (await client.request("OPTIONS", path, headers=FOREIGN)).problem(403, "origin-denied")
    (line,) = refusals(bridge)
    assert f"code=origin-denied{daemon}path=" in line
    assert rule in line.partition("reason=")[2]


async def test_made_up_names_fill_no_log(bridge: RunningBridge, client: Client) -> None:
    for number in range(20):
        (await client.post_open(f"made-up-{number}")).problem(404, "unknown-daemon")
    assert len(refusals(bridge)) == 1


async def test_preflights_for_made_up_names_fill_no_log(
    bridge: RunningBridge, client: Client
) -> None:
    for number in range(20):
        path = f"v1/daemons/made-up-{number}/sessions"
        answer = await client.request("OPTIONS", path, headers=FOREIGN)
        answer.problem(403, "origin-denied")
    assert len(refusals(bridge)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (NotNamed("ada's does not name it"), NotNamed("bob's does not name it")),
        (Denied("'a.example' is not among hosts"), Denied("'b.example' is not among hosts")),
        (Crowded("opens_per_s", "192.0.2.1"), Crowded("opens_per_s", "192.0.2.2")),
    ],
)
def test_reasons_that_differ_by_what_clients_make_up_are_of_one_sort(
    one: Exception, other: Exception
) -> None:
    assert sort_of(one) == sort_of(other)


@pytest.mark.parametrize(("trusted", "told"), [([], "127.0.0.1"), (["127.0.0.1"], "203.0.113.9")])
async def test_the_client_is_who_a_trusted_proxy_says_it_is(
    start_bridge: StartBridge, trusted: list[str], told: str
) -> None:
    chat = {"demo": {"embedded": "chat"}}
    bridge = start_bridge({"daemons": chat, "trusted_proxies": trusted})
    async with Client(bridge.url) as client:
        assert (await client.post_open("demo", FORWARDED)).status == 201
        (await client.post_open("made-up", FORWARDED)).problem(404, "unknown-daemon")
    assert f"client={told}" in (await bridge.logged("session opened")).split()
    (line,) = refusals(bridge)
    assert f"client={told}" in line.split()


async def test_what_the_client_alone_did_wrong_is_not_told(
    bridge: RunningBridge, client: Client
) -> None:
    (await client.request("GET", "nowhere")).problem(404, "not-found")
    (await client.request("GET", "v1/sessions/a-b/messages")).problem(404, "unknown-session")
    assert refusals(bridge) == []

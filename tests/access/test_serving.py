"""The bridge as Flash Player meets it: `/crossdomain.xml` and the port for policies."""

import re

import pytest

from bridge.access.policy_document import read_policy
from bridge.access.policy_request import REQUEST, ask
from tests.access.peers import all_that_came, peer
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client
from tests.support.deadline import DEADLINE_S

DAEMONS = {
    "game": {
        "address": "127.0.0.1:9339",
        "aliases": ["game.example.com:9340", "old"],
        "origins": ["https://play.example.com"],
    },
    "demo": {"embedded": "chat", "origins": ["*"]},
}


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge) -> RunningBridge:
    return start_bridge(
        {"base_path": "/flash/", "policy_listen": "127.0.0.1:0", "daemons": DAEMONS}
    )


@pytest.fixture
def port(bridge: RunningBridge) -> int:
    """Where it answers Flash Player, as its log says."""
    (line,) = bridge.lines_with("serving policies on ")
    found = re.search(r"serving policies on 127\.0\.0\.1:(\d+)$", line)
    assert found, line
    return int(found[1])


@pytest.mark.parametrize("path", ["", "flash/"])
async def test_movies_find_the_url_policy_at_the_root_and_at_the_base(
    bridge: RunningBridge, path: str
) -> None:
    async with Client(bridge.url.removesuffix("flash/")) as client:
        answer = await client.request("GET", f"{path}crossdomain.xml")
    assert answer.status == 200
    assert answer.media_type == "text/x-cross-domain-policy"
    assert b'<allow-access-from domain="play.example.com" secure="true"/>' in answer.body
    assert b'domain="*"' not in answer.body


async def test_the_url_policy_is_for_everybody(bridge: RunningBridge) -> None:
    async with Client(bridge.url) as client:
        headers = {"Origin": "https://evil.example"}
        assert (await client.request("GET", "crossdomain.xml", headers=headers)).status == 200


async def test_flash_player_is_answered_as_it_asks(bridge: RunningBridge, port: int) -> None:
    read = read_policy(await ask(["127.0.0.1"], port, DEADLINE_S))
    http_port = bridge.url.split(":")[2].partition("/")[0]
    assert [grant.text for grant in read.grants] == [
        '<allow-access-from domain="play.example.com" to-ports="9339,9340" secure="true"/>',
        f'<allow-access-from domain="play.example.com" to-ports="{http_port}" secure="true"/>',
    ]


async def test_a_client_that_hangs_up_does_no_harm(bridge: RunningBridge, port: int) -> None:
    async with peer(port) as (_, writer):
        writer.write(REQUEST)
        writer.transport.abort()
    assert await ask(["127.0.0.1"], port, DEADLINE_S)
    bridge.assert_no_traceback()


def test_no_policy_is_served_unless_that_is_configured(start_bridge: StartBridge) -> None:
    bridge = start_bridge({"daemons": DAEMONS})
    assert bridge.lines_with("serving policies") == []


def test_a_port_that_cannot_be_had_is_told_by_its_address(
    start_bridge: StartBridge, port: int
) -> None:
    address = f"127.0.0.1:{port}"
    with pytest.raises(AssertionError, match=f"cannot serve on {address}: the address is in use"):
        start_bridge({"policy_listen": address, "daemons": DAEMONS})


async def test_the_port_is_closed_when_the_bridge_stops(start_bridge: StartBridge) -> None:
    bridge = start_bridge({"policy_listen": "127.0.0.1:0", "daemons": DAEMONS})
    line = bridge.lines_with("serving policies on ")[0]
    async with peer(int(line.rpartition(":")[2])) as (reader, _):
        bridge.terminate()
        assert await all_that_came(reader) == b""
        assert await bridge.exited() == 0

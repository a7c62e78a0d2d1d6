"""What the bodies under way hold is bounded: for all together, and for one client."""

import asyncio
import gzip

import pytest

from bridge.http.upload import PART_BYTES
from tests.contract.long_body import LONG, MESSAGES, as_json, in_two
from tests.support.answers import Answer
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import JSON, Client
from tests.support.configured import MakeConfig
from tests.support.daemon import ScriptedDaemon


@pytest.fixture(scope="module")
def small(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    """A bridge that holds less than one part, for all together."""
    return start_bridge(config(max_buffered_bytes=PART_BYTES // 2))


# -- all together


@pytest.mark.parametrize(
    ("body", "content_type"), [(LONG, "application/vnd.xmlsocket"), (as_json().encode(), JSON)]
)
async def test_above_the_common_budget_nothing_is_accepted_and_the_client_comes_back(
    small: RunningBridge, daemon: ScriptedDaemon, body: bytes, content_type: str
) -> None:
    async with Client(small.url) as client:
        session = await client.open()
        answer = await session.post(body, {"first": 1}, {"Content-Type": content_type})
        answer.problem(503, "too-many-sessions")
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.ack == 0
        for number, message in enumerate(MESSAGES, 1):
            (await session.send(message, first=number)).empty()
        await (await daemon.accepted()).received_messages(*MESSAGES)


async def test_what_is_held_for_others_counts_until_they_have_taken_it(
    small: RunningBridge, daemon: ScriptedDaemon
) -> None:
    async with Client(small.url) as client:
        session, other = await client.open(), await client.open()
        for connection in (await daemon.accepted(), await daemon.accepted()):
            connection.say(b"x" * (PART_BYTES // 4))
        for lagging in (session, other):
            await lagging.peek(1)
        (await session.send(MESSAGES[0], first=1)).problem(503, "too-many-sessions")
        (await other.receive(ack=1)).empty()
        (await session.send(MESSAGES[0], first=1)).empty()


async def test_an_exchange_above_the_common_budget_opens_nothing_however_long_it_is(
    start_bridge: StartBridge, config: MakeConfig, daemon: ScriptedDaemon
) -> None:
    async with Client(start_bridge(config(max_buffered_bytes=3 * PART_BYTES)).url) as client:
        (await client.exchange(*MESSAGES)).problem(503, "too-many-sessions")
    assert daemon.connections == []


async def test_the_body_of_an_exchange_counts_until_that_is_over(
    start_bridge: StartBridge, config: MakeConfig, daemon: ScriptedDaemon
) -> None:
    async with Client(start_bridge(config(max_buffered_bytes=len(LONG))).url) as client:
        exchange = asyncio.ensure_future(client.exchange(*MESSAGES[:-1], b"<ask/>"))
        connection = await daemon.accepted()
        await connection.received(len(LONG) - len(MESSAGES[0]))
        session = await client.open()
        (await session.send(*MESSAGES[:2], first=1)).problem(503, "too-many-sessions")
        connection.say(b"<got/>")
        assert (await exchange).messages == [b"<got/>"]
        (await session.send(*MESSAGES[:2], first=1)).empty()


# -- one client


@pytest.fixture
def fair(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    """A bridge that holds one long body of a client, and several of all."""
    portion = len(LONG) + PART_BYTES
    return start_bridge(
        config(
            trusted_proxies=["127.0.0.1"], max_body_bytes=portion, max_buffered_bytes=8 * portion
        )
    )


async def test_one_client_holds_no_more_than_its_portion_and_leaves_the_rest_to_others(
    fair: RunningBridge, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    zipped, go_on = gzip.compress(LONG), asyncio.Event()
    headers = {"Content-Encoding": "gzip"}

    async def exchange(client: Client, address: str) -> Answer:
        body = in_two(zipped[:-8], zipped[-8:], go_on)
        fields = {**headers, "X-Forwarded-For": address}
        return await client.request("POST", "v1/daemons/chat/exchange", None, fields, body)

    async with Client(fair.url) as client:
        mine = {asyncio.ensure_future(exchange(client, "192.0.2.1")) for _ in range(2)}
        refused, held = await asyncio.wait(mine, return_when=asyncio.FIRST_COMPLETED)
        answer = refused.pop().result()
        answer.problem(429, "rate-limited")
        assert int(answer.headers["Retry-After"]) > 0
        others = asyncio.ensure_future(exchange(client, "192.0.2.2"))
        go_on.set()
        assert (await others).status == (await held.pop()).status == 200
        assert (await exchange(client, "192.0.2.1")).status == 200

"""How often a daemon is asked, and who waits for the answer."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import pytest

from bridge.access.policy import Absent, Known, Standing, Unknown
from bridge.access.policy_inquiry import Inquiry, Place
from bridge.access.policy_watch import Watch
from tests.access.policies import PolicyPort, grant, policy, policy_port
from tests.support.deadline import DEADLINE_S, within_deadline

LONG_S = 1000.0
SOON_S = 0.05


async def loopback(host: str) -> Sequence[str]:
    return ["127.0.0.1"]


@asynccontextmanager
async def watching(
    port: int, dead_port: int, max_age_s: float = LONG_S, retry_s: float = LONG_S
) -> AsyncIterator[Watch]:
    """A watch over a daemon on this port, without a master, which runs meanwhile."""
    now = asyncio.get_running_loop().time
    place = Place("game", port, dead_port)
    inquiry = Inquiry(place, loopback, now, timeout_s=DEADLINE_S, keep_s=LONG_S)
    watch = Watch("game", inquiry, max_age_s, retry_s)
    task = asyncio.ensure_future(watch.run())
    try:
        yield watch
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def settled(watch: Watch) -> None:
    async with within_deadline("the answer about the policy"):
        await watch.settled()


def kind_of(watch: Watch) -> type[Standing]:
    """What kind of knowledge it has."""
    return type(watch.standing)


async def test_nothing_is_known_before_the_first_answer_and_pages_wait_for_it(
    own: PolicyPort, dead_port: int
) -> None:
    async with watching(own.port, dead_port) as watch:
        assert kind_of(watch) is Unknown
        waiting = asyncio.ensure_future(watch.settled())
        connection = await own.daemon.accepted()
        assert not waiting.done()
        connection.say(policy())
        await settled(watch)
        assert kind_of(watch) is Known
        await waiting


async def test_nobody_waits_once_something_is_known(own: PolicyPort, dead_port: int) -> None:
    own.answer = b"<no policy/>"
    async with watching(own.port, dead_port) as watch:
        await settled(watch)
        assert kind_of(watch) is Absent
        own.answer = None
        await settled(watch)
    assert own.questions == 1


async def test_a_daemon_is_asked_again_when_the_answer_is_old(
    own: PolicyPort, dead_port: int
) -> None:
    own.answer = policy()
    async with watching(own.port, dead_port, SOON_S) as watch:
        await settled(watch)
        own.answer = policy(grant())
        for _ in range(3):
            await own.daemon.accepted()
        assert isinstance(watch.standing, Known)
        assert len(watch.standing.policies[0].policy.grants) == 1


async def test_the_old_answer_counts_while_a_new_one_is_asked_for(
    own: PolicyPort, dead_port: int
) -> None:
    own.answer = policy()
    async with watching(own.port, dead_port, SOON_S) as watch:
        await settled(watch)
        await own.daemon.accepted()
        own.answer = None
        await own.daemon.accepted()
        await settled(watch)
        assert kind_of(watch) is Known


async def test_there_is_never_more_than_one_question_at_a_time(
    own: PolicyPort, dead_port: int
) -> None:
    async with watching(own.port, dead_port, retry_s=0) as watch:
        pages = [asyncio.ensure_future(settled(watch)) for _ in range(50)]
        connection = await own.daemon.accepted()
        connection.say(policy())
        await asyncio.gather(*pages)
        await connection.lost()
    assert own.daemon.connections == [connection]


async def test_a_daemon_that_was_down_is_asked_when_a_page_comes(dead_port: int) -> None:
    async with policy_port() as gone:
        port = gone.port
    async with watching(port, dead_port, retry_s=0) as watch:
        await settled(watch)
        assert kind_of(watch) is Unknown
        async with policy_port(port) as back:
            back.answer = policy()
            await settled(watch)
        assert kind_of(watch) is Known


async def test_a_daemon_that_was_down_is_left_alone_for_a_while_however_many_pages_come(
    dead_port: int,
) -> None:
    async with policy_port() as gone:
        port = gone.port
    async with watching(port, dead_port, retry_s=LONG_S) as watch:
        await settled(watch)
        async with policy_port(port) as back:
            back.answer = policy()
            await asyncio.gather(*(settled(watch) for _ in range(100)))
            assert back.daemon.connections == []
        assert kind_of(watch) is Unknown


async def test_that_a_daemon_cannot_be_asked_is_a_warning(
    dead_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with watching(dead_port, dead_port) as watch:
        await settled(watch)
    told = [(record.levelname, record.__dict__["fields"]) for record in caplog.records]
    unknown = f"port {dead_port} accepts no connection"
    assert told == [("WARNING", {"daemon": "game", "unknown": unknown})]


async def test_pages_that_wait_are_let_go_when_the_watch_ends(
    own: PolicyPort, dead_port: int
) -> None:
    async with watching(own.port, dead_port) as watch:
        waiting = asyncio.ensure_future(watch.settled())
        await own.daemon.accepted()
    async with within_deadline("the end of the wait"):
        await waiting
    assert kind_of(watch) is Unknown

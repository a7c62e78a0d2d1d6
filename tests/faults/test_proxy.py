"""Each fault really happens: what the client sees of it, and what reaches the daemon."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import aiohttp
import pytest
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from tests.faults.proxy import FaultProxy
from tests.faults.weather import CLEAR, Fault, Spell
from tests.support.bridge import RunningBridge
from tests.support.clients import Client, Session
from tests.support.daemon import DaemonConnection, ScriptedDaemon
from tests.support.sockets import open_plain

LAST = b"<last/>"


@dataclass(frozen=True, slots=True)
class Pair:
    """One session on both sides of the proxy: what `far` asks for meets the spell, what `near`
    asks for does not."""

    near: Session
    far: Session
    daemon: DaemonConnection

    async def heard(self) -> bytes:
        """What the daemon heard from afar, once a message sent near by, behind it, has arrived."""
        (await self.near.send(LAST)).empty()
        await self.daemon.received(len(LAST) + 1)
        while not self.daemon.data.endswith(LAST + b"\0"):
            await self.daemon.received(len(self.daemon.data) + 1)
        return bytes(self.daemon.data).removesuffix(LAST + b"\0")


Under = Callable[[Spell], AbstractAsyncContextManager[Pair]]


@pytest.fixture
def under(bridge: RunningBridge, daemon: ScriptedDaemon) -> Under:
    """Opens a session, whose far side then meets the spell."""

    @asynccontextmanager
    async def opened(spell: Spell) -> AsyncIterator[Pair]:
        async with (
            Client(bridge.url) as near,
            FaultProxy(bridge.url, lambda _: spell) as proxy,
            Client(proxy.url) as far,
        ):
            session = await near.open()
            connection = await daemon.accepted()
            yield Pair(session, Session(far, session.id, session.key), connection)
        bridge.assert_no_traceback()

    return opened


async def breaks(request: Awaitable[object]) -> None:
    """The request gets no answer, or not all of it."""
    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await request


async def test_in_clear_weather_a_session_works_as_without_a_proxy(under: Under) -> None:
    async with under(CLEAR) as pair:
        (await pair.far.send(b"<a/>", first=1)).empty()
        pair.daemon.say(b"<b/>")
        assert (await pair.far.receive(ack=0, wait=10)).messages == [b"<b/>"]
        assert await pair.heard() == b"<a/>\0"


@pytest.mark.parametrize("fault", [Fault.DROP_REQUEST, Fault.CUT_REQUEST])
async def test_a_request_that_is_dropped_reaches_nobody(under: Under, fault: Fault) -> None:
    async with under(Spell(fault)) as pair:
        await breaks(pair.far.send(b"<a/>", first=1))
        assert await pair.heard() == b""


async def test_a_request_whose_answer_is_dropped_reaches_the_daemon(under: Under) -> None:
    async with under(Spell(Fault.DROP_RESPONSE)) as pair:
        await breaks(pair.far.send(b"<a/>", first=1))
        await pair.daemon.received_messages(b"<a/>")


async def test_a_request_behind_which_the_connection_is_reset_arrives_whole_or_not_at_all(
    under: Under,
) -> None:
    """A reset may destroy what was not yet read."""
    async with under(Spell(Fault.DROP_ALL)) as pair:
        await breaks(pair.far.send(b"<a/>", first=1))
        assert await pair.heard() in {b"", b"<a/>\0"}


@pytest.mark.parametrize("part", [0.1, 0.9, 0.99])
async def test_an_answer_that_is_cut_short_is_no_answer(under: Under, part: float) -> None:
    async with under(Spell(Fault.TRUNCATE_RESPONSE, part=part)) as pair:
        pair.daemon.say(b"x" * 1000)
        await pair.near.peek(1)
        await breaks(pair.far.receive(ack=0))


@pytest.mark.parametrize("fault", [Fault.REPLAY, Fault.REPLAY_AT_ONCE])
async def test_a_replayed_request_arrives_twice(under: Under, fault: Fault) -> None:
    async with under(Spell(fault)) as pair:
        (await pair.far.send(b"<a/>")).empty()
        await pair.daemon.received_messages(b"<a/>", b"<a/>")


async def test_a_delayed_request_arrives_behind_later_ones_without_its_client(
    under: Under,
) -> None:
    async with under(Spell(Fault.DELAY, for_s=0.3)) as pair:
        late = asyncio.ensure_future(pair.far.send(b"<a/>"))
        await asyncio.wait([late], timeout=0.1)
        late.cancel()
        await pair.near.send(LAST)
        await pair.daemon.received_messages(LAST, b"<a/>")


async def test_a_request_that_stalls_on_its_way_up_is_overtaken(under: Under) -> None:
    async with under(Spell(Fault.STALL_UP, after_bytes=300, for_s=0.5)) as pair:
        stalled = asyncio.ensure_future(pair.far.send(b"x" * 1000))
        (await pair.near.send(LAST)).empty()
        assert not stalled.done()
        (await stalled).empty()
        await pair.daemon.received_messages(LAST, b"x" * 1000)


async def test_an_answer_that_stalls_on_its_way_down_is_overtaken(under: Under) -> None:
    async with under(Spell(Fault.STALL_DOWN, part=0.5, for_s=0.5)) as pair:
        pair.daemon.say(b"x" * 1000)
        await pair.near.peek(1)
        stalled = asyncio.ensure_future(pair.far.receive(ack=0))
        await pair.near.send(LAST)
        assert not stalled.done()
        assert (await stalled).messages == [b"x" * 1000]


@pytest.mark.parametrize("fault", [Fault.DRIBBLE, Fault.BUFFER])
async def test_a_request_that_is_dribbled_or_buffered_is_answered_all_the_same(
    under: Under, fault: Fault
) -> None:
    async with under(Spell(fault)) as pair:
        pair.daemon.say(b"<b/>")
        answer = await pair.far.send(b"<a/>", first=1, ack=0, wait=10)
        assert answer.messages == [b"<b/>"]
        assert await pair.heard() == b"<a/>\0"


async def test_a_stream_in_a_buffer_comes_when_it_has_ended(under: Under) -> None:
    async with under(Spell(Fault.BUFFER)) as pair:
        following = asyncio.ensure_future(pair.far.follow(ack=0))
        pair.daemon.say(b"<a/>")
        assert await pair.heard() == b""
        assert not following.done()
        pair.daemon.close()
        assert [event.name for event in await following] == ["message", "close"]


async def test_an_idle_poll_is_cut(under: Under) -> None:
    async with under(Spell(Fault.CUT_IDLE, for_s=0.1)) as pair:
        await breaks(pair.far.receive(ack=0, wait=10))


async def test_an_upgrade_is_refused(under: Under) -> None:
    async with under(Spell(Fault.REFUSE_UPGRADE)) as pair:
        with pytest.raises(InvalidStatus):
            await open_plain(pair.far.client)


async def test_an_upgrade_is_accepted_and_then_nothing_passes(
    under: Under, daemon: ScriptedDaemon
) -> None:
    async with under(Spell(Fault.SWALLOW)) as pair:
        socket = await open_plain(pair.far.client)
        (await daemon.accepted()).say(b"<a/>")
        frame = asyncio.ensure_future(socket.recv())
        assert await pair.heard() == b""
        assert not frame.done()
        frame.cancel()


async def test_a_websocket_is_cut_in_mid_frame(under: Under, daemon: ScriptedDaemon) -> None:
    async with under(Spell(Fault.CUT_FRAME, after_bytes=500)) as pair:
        socket = await open_plain(pair.far.client)
        (await daemon.accepted()).say(b"x" * 1000)
        with pytest.raises(ConnectionClosedError):
            await socket.recv()


async def test_all_connections_are_cut_at_once_and_none_is_carried_while_it_is_down(
    bridge: RunningBridge,
) -> None:
    async with (
        FaultProxy(bridge.url, lambda _: CLEAR) as proxy,
        Client(proxy.url) as client,
    ):
        session = await client.open()
        poll = asyncio.ensure_future(session.receive(ack=0, wait=10))
        (await session.send(b"<a/>", first=1)).empty()
        proxy.is_down = True
        proxy.cut()
        await breaks(poll)
        await breaks(session.receive(ack=0))
        proxy.is_down = False
        assert (await session.receive(ack=0)).ack == 1

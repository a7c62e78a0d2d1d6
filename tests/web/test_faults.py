"""The JavaScript client in a browser, over networks that do everything wrong."""

import pytest
from playwright.async_api import Page

from tests.faults.proxy import FaultProxy
from tests.faults.weather import CLEAR, ON_REQUESTS, Fault, Spell, Weather
from tests.support.bridge import RunningBridge
from tests.support.daemon import ScriptedDaemon, framed
from tests.web.probe import Probe

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

PATIENCE_S = 60.0
"""In a storm a step may take several pauses of the client, of two seconds each."""
MESSAGES = 60
BATCH = 5
RATE = 0.3
SOON_BYTES = 300
"""Faults that strike behind so many bytes would not strike at all here."""
SHORT_S = 0.4
"""Longer faults are for those who look at time-outs; here there are many faults instead."""


class Storm:
    """Seeded weather that lets the session be opened, and clears up at the end."""

    def __init__(self, seed: str, *faults: Fault) -> None:
        self.weather = Weather.drawn(seed)
        self.weather.faults = faults
        self.weather.rate = 0.0

    def begin(self) -> None:
        """The first one that can be struck is."""
        self.weather.rate = 1.0

    def spell_for(self, is_socket: bool) -> Spell:
        spell = self.weather.spell_for(is_socket)
        if spell.fault is not None:
            self.weather.rate = min(self.weather.rate, RATE)
        return Spell(
            spell.fault,
            spell.after_bytes % SOON_BYTES,
            spell.part,
            min(spell.for_s, SHORT_S),
            spell.struck,
        )


def numbered(first: int, last: int) -> list[str]:
    """Messages that tell their place."""
    return [f"<n>{number}</n>" for number in range(first, last + 1)]


# A delayed request is heard of no more: each costs the client all its patience, 20 s. Clients with
# less of it meet that in tests/soak.
HASTY = tuple(fault for fault in ON_REQUESTS if fault is not Fault.DELAY)

STORMS = {
    "requests dropped": (["long-poll"], (Fault.DROP_REQUEST, Fault.CUT_REQUEST)),
    "answers dropped": (
        ["long-poll"],
        (Fault.DROP_RESPONSE, Fault.TRUNCATE_RESPONSE, Fault.DROP_ALL),
    ),
    "requests doubled": (["long-poll"], (Fault.REPLAY, Fault.REPLAY_AT_ONCE)),
    "WebSockets cut": (["websocket"], (Fault.CUT_FRAME,)),
    "WebSockets cut, refused and swallowed": (
        ["websocket", "long-poll"],
        (Fault.CUT_FRAME, Fault.REFUSE_UPGRADE, Fault.SWALLOW, Fault.STALL_DOWN),
    ),
    "everything": (
        ["websocket", "long-poll"],
        (*HASTY, Fault.CUT_FRAME, Fault.REFUSE_UPGRADE, Fault.SWALLOW),
    ),
}


@pytest.mark.parametrize("kind", STORMS)
async def test_nothing_is_lost_or_doubled_or_out_of_order(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page, kind: str
) -> None:
    transports, faults = STORMS[kind]
    storm = Storm(kind, *faults)
    daemon.echo()
    page.set_default_timeout(PATIENCE_S * 1000)
    async with FaultProxy(bridge.url, storm.spell_for) as proxy:
        probe = await Probe.make(
            page, proxy.url, transports=transports, openTimeoutMs=300, returnAfterMs=500
        )
        await probe.connect("text")
        connection = await daemon.accepted()
        storm.begin()
        for first in range(1, MESSAGES, BATCH):
            await probe.send(*numbered(first, first + BATCH - 1))
            if first % 2:
                proxy.cut()
            await probe.until("socket.numbers.up.sent > 0")
            await probe.received(max(0, first - BATCH))
        storm.weather.clear_up()
        expected = numbered(1, MESSAGES)
        assert await probe.received(MESSAGES) == expected
        await probe.until("socket.bufferedAmount === 0")
        assert await probe.run("probe.numbers") == list(range(1, MESSAGES + 1))
        assert bytes(connection.data) == framed(message.encode() for message in expected)
        assert await probe.run("[probe.errors, probe.closes]") == [[], []]
    assert storm.weather.met, "the weather was good all the time: another seed is needed"


async def test_polls_go_on_while_a_websocket_is_tried_that_is_swallowed(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page
) -> None:
    """It displaces them, which costs no message."""

    def spell_for(is_socket: bool) -> Spell:
        return Spell(Fault.SWALLOW) if is_socket else CLEAR

    async with FaultProxy(bridge.url, spell_for) as proxy:
        probe = await Probe.make(page, proxy.url, openTimeoutMs=200, returnAfterMs=50)
        await probe.connect("text")
        await daemon.accepted()
        connection = await daemon.accepted()
        connection.say(b"<a/>")
        await probe.run("socket.send('<b/>')")
        await connection.received_messages(b"<b/>")
        await probe.received(1)
        proxy.spell_for = lambda _: CLEAR
        await probe.until("socket.transport === 'websocket'")
        connection.say(b"<c/>")
        assert await probe.received(2) == ["<a/>", "<c/>"]

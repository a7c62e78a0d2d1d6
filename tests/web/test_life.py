"""The JavaScript client and what happens to its page, its user and its bridge."""

import pytest
from playwright.async_api import Page

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.daemon import ScriptedDaemon
from tests.web.cable import Cable, WebSockets
from tests.web.probe import Probe

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOKEN = "not-much-of-a-secret/+~="
each_transport = pytest.mark.parametrize("transport", ["websocket", "long-poll"])


@pytest.fixture(scope="module")
def locked(start_bridge: StartBridge) -> RunningBridge:
    """A bridge that asks who one is."""
    return start_bridge(
        {"auth": {"tokens": {"ada": TOKEN}}, "daemons": {"demo": {"embedded": "chat"}}}
    )


async def count(probe: Probe, *names: str) -> None:
    """From now on `probe.told` has each of these events by its name, in order."""
    await probe.run("(probe.told = [], 0)")
    for name in names:
        await probe.run(
            "socket.addEventListener(given, (event) => probe.told.push([event.type, event.code]))",
            name,
        )


@each_transport
async def test_a_token_lets_in(locked: RunningBridge, page: Page, transport: str) -> None:
    probe = await Probe.make(page, locked.url, transports=[transport], token=TOKEN)
    await probe.connect("demo")
    assert await probe.run("[probe.connects, socket.transport]") == [[True], transport]


@each_transport
async def test_without_a_token_it_is_an_error_of_security(
    locked: RunningBridge, page: Page, transport: str
) -> None:
    probe = await Probe.make(page, locked.url, transports=[transport], reconnect=True)
    await count(probe, "ioError", "securityError", "error", "close")
    await probe.connect("demo")
    assert await probe.run("probe.told") == [
        ["securityError", "unauthenticated"],
        ["error", "unauthenticated"],
    ]
    assert await probe.run("[probe.connects, socket.state]") == [[False], "closed"]


async def test_a_ticket_lets_in(locked: RunningBridge, page: Page) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = await page.request.post(f"{locked.url}v1/tickets", headers=headers)
    ticket = (await answer.json())["ticket"]
    probe = await Probe.make(page, locked.url, ticket=ticket)
    await probe.connect("demo")
    assert await probe.run("[probe.connects, socket.transport]") == [[True], "websocket"]


async def test_what_gets_through_is_tried_first_by_the_next_page(cable: Cable, page: Page) -> None:
    cable.websockets = WebSockets.REFUSED
    first = await Probe.make(page, cable.url)
    await first.connect("demo")
    cable.websockets = WebSockets.PASSED
    second = await Probe.make(page, cable.url, returnAfterMs=1000)
    await second.connect("demo")
    await second.until("socket.transport === 'websocket'")
    assert await second.run("probe.states") == ["connecting", "long-poll", "websocket"]
    await second.send("<ping/>")
    await second.until("localStorage.length === 0")


@each_transport
async def test_after_a_restart_of_the_bridge_a_new_session_is_opened_and_told(
    cable: Cable, start_bridge: StartBridge, page: Page, transport: str
) -> None:
    probe = await Probe.make(page, cable.url, transports=[transport], reconnect=True)
    await count(probe, "connect", "close", "ioError")
    await probe.connect("demo")
    cable.target = start_bridge({"daemons": {"demo": {"embedded": "chat"}}}).url
    cable.cut()
    await probe.until("probe.connects.length === 2")
    assert await probe.run("probe.told") == [
        ["connect", None],
        ["ioError", "unknown-session"],
        ["close", "unknown-session"],
        ["connect", None],
    ]


async def test_closing_ends_the_reconnecting(
    cable: Cable, start_bridge: StartBridge, page: Page
) -> None:
    probe = await Probe.make(page, cable.url, reconnect=True)
    await probe.run("(socket.onClose = () => socket.close(), 0)")
    await probe.connect("demo")
    cable.target = start_bridge({"daemons": {"demo": {"embedded": "chat"}}}).url
    cable.cut()
    await probe.until("probe.closes.length === 1")
    assert await probe.run("socket.state") == "closed"


async def test_drain_is_told_when_all_is_acknowledged(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page
) -> None:
    probe = await Probe.make(page, bridge.url)
    await probe.connect("text")
    await probe.run(
        "(probe.left = [], socket.addEventListener('drain',"
        " () => probe.left.push(socket.bufferedAmount)), 0)"
    )
    await probe.send("<a/>", "<b/>")
    await probe.until("probe.left.length > 0")
    assert await probe.run("probe.left") == [0]


async def test_an_opening_that_takes_too_long_fails(cable: Cable, page: Page) -> None:
    cable.websockets = WebSockets.SWALLOWED
    probe = await Probe.make(page, cable.url, transports=["websocket"])
    await probe.run("(socket.timeout = 50)")
    await probe.connect("demo")
    assert await probe.run("[probe.connects, probe.errors]") == [[False], [["timeout", None]]]


@each_transport
async def test_a_page_that_goes_away_ends_its_session(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page, transport: str
) -> None:
    probe = await Probe.make(page, bridge.url, transports=[transport])
    await probe.connect("text")
    connection = await daemon.accepted()
    await page.goto("about:blank")
    assert await connection.ended() == b""


@each_transport
async def test_what_a_page_says_as_it_goes_away_arrives(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page, transport: str
) -> None:
    probe = await Probe.make(page, bridge.url, transports=[transport])
    await page.evaluate("addEventListener('pagehide', () => probe.socket.send('<bye/>'))")
    await probe.connect("text")
    connection = await daemon.accepted()
    await page.goto("about:blank")
    await connection.received_messages(b"<bye/>")


@each_transport
async def test_a_page_that_was_frozen_goes_on_where_it_was(
    cable: Cable, daemon: ScriptedDaemon, page: Page, transport: str
) -> None:
    probe = await Probe.make(page, cable.url, transports=[transport])
    await probe.connect("text")
    connection = await daemon.accepted()
    browser = await page.context.new_cdp_session(page)
    await browser.send("Page.setWebLifecycleState", {"state": "frozen"})
    connection.say(b"<a/>")
    cable.cut()
    connection.say(b"<b/>")
    await browser.send("Page.setWebLifecycleState", {"state": "active"})
    assert await probe.received(2) == ["<a/>", "<b/>"]


async def test_a_network_that_is_back_is_used_at_once(
    cable: Cable, daemon: ScriptedDaemon, page: Page
) -> None:
    probe = await Probe.make(page, cable.url)
    await probe.connect("text")
    await probe.run("(socket.send('<a/>'), dispatchEvent(new Event('online')))")
    await probe.until("probe.states.includes('resuming') && socket.state === 'open'")
    await (await daemon.accepted()).received_messages(b"<a/>")


async def test_a_websocket_on_which_nothing_goes_up_makes_room_for_polls(
    cable: Cable, daemon: ScriptedDaemon, page: Page
) -> None:
    """The bridge's frames come through it all the while."""
    cable.websockets = WebSockets.MUTED
    probe = await Probe.make(page, cable.url, openTimeoutMs=300)
    await probe.connect("text")
    assert await probe.run("socket.transport") == "websocket"
    await probe.send("<a/>", "<b/>")
    await (await daemon.accepted()).received_messages(b"<a/>", b"<b/>")
    await probe.until("socket.transport === 'long-poll'")


async def test_a_computer_that_slept_an_hour_looks_at_once_whether_its_connection_lives(
    cable: Cable, daemon: ScriptedDaemon, page: Page
) -> None:
    await page.clock.install()
    probe = await Probe.make(page, cable.url)
    await probe.connect("text")
    connection = await daemon.accepted()
    cable.websockets = WebSockets.SWALLOWED
    connection.say(b"<lost on a dead connection/>")
    await probe.send("<heard/>")
    await connection.received_messages(b"<heard/>")
    cable.websockets = WebSockets.PASSED
    await page.clock.fast_forward("01:00:00")
    assert await probe.received(1) == ["<lost on a dead connection/>"]


@each_transport
async def test_a_network_that_was_gone_for_twenty_seconds_costs_no_message(
    cable: Cable, daemon: ScriptedDaemon, page: Page, transport: str
) -> None:
    await page.clock.install()
    probe = await Probe.make(page, cable.url, transports=[transport])
    await probe.connect("text")
    connection = await daemon.accepted()
    cable.unplug()
    await probe.until("socket.state === 'resuming'")
    await probe.send("<a/>")
    connection.say(b"<b/>")
    await page.clock.fast_forward(20_000)
    cable.is_plugged = True
    await probe.run("dispatchEvent(new Event('online'))")
    await connection.received_messages(b"<a/>")
    assert await probe.received(1) == ["<b/>"]
    assert await probe.run("[probe.errors, probe.closes]") == [[], []]

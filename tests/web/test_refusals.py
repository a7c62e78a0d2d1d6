"""What a page is told when no session opens, and what it is not told."""

import pytest
from playwright.async_api import Page, Route

from tests.support.bridge import RunningBridge, StartBridge
from tests.web.probe import Probe

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHAT = {"embedded": "chat"}


@pytest.fixture(scope="module")
def hospitable(start_bridge: StartBridge) -> RunningBridge:
    """Lets in pages of any origin."""
    return start_bridge({"daemons": {"demo": {**CHAT, "origins": ["*"]}}})


async def probe_elsewhere(page: Page, bridge: RunningBridge) -> Probe:
    """A socket on a page of another site: the bridge's own host by another name, and without the
    security policy of its pages."""
    url = bridge.url.replace("127.0.0.1", "localhost") + "page"

    async def answer(route: Route) -> None:
        await route.fulfill(content_type="text/html", body="<!doctype html><title>Game</title>")

    await page.route(url, answer)
    return await Probe.make(page, url, base=bridge.url)


async def note_details(probe: Probe) -> None:
    """From now on `probe.details` has those of errors."""
    await probe.run("(probe.details = [], 0)")
    await probe.run("socket.addEventListener('error', (e) => probe.details.push(e.detail))")


async def test_a_page_that_may_not_read_the_refusal_is_told_what_to_look_for(
    bridge: RunningBridge, page: Page
) -> None:
    probe = await probe_elsewhere(page, bridge)
    await note_details(probe)
    await probe.connect("demo")
    await bridge.logged("code=origin-denied")
    assert await probe.run("probe.errors") == [["unreachable", None]]
    (detail,) = await probe.run("probe.details")
    assert "is the bridge away, or the page's origin not among its origins?" in detail


async def test_a_page_that_may_reach_one_daemon_reads_that_another_is_unknown(
    hospitable: RunningBridge, page: Page
) -> None:
    probe = await probe_elsewhere(page, hospitable)
    await probe.connect("mistyped")
    assert await probe.run("probe.errors") == [["unknown-daemon", None]]


async def test_a_proxy_without_its_bridge_is_tried_again_like_a_bridge_that_is_away(
    bridge: RunningBridge, page: Page
) -> None:
    async def answer(route: Route) -> None:
        await route.fulfill(status=502, content_type="text/html", body="<h1>502 Bad Gateway</h1>")

    opening = "**/v1/daemons/demo/sessions"
    await page.route(opening, answer, times=1)
    probe = await Probe.make(page, bridge.url, transports=["long-poll"], reconnect=True)
    await note_details(probe)
    await probe.connect("demo")
    assert await probe.run("probe.errors") == [["unreachable", None]]
    assert "HTTP status 502: a proxy answers" in (await probe.run("probe.details"))[0]
    await probe.until("probe.connects.length === 2")
    assert await probe.run("probe.connects") == [False, True]


async def test_while_the_bridge_is_busy_the_page_is_told_why_and_for_how_long(
    start_bridge: StartBridge, page: Page
) -> None:
    """One session at once, and the next after a second."""
    limited = {"client_opens_per_s": 1, "opens_burst": 1}
    bridge = start_bridge({"daemons": {"demo": CHAT}, **limited})
    first = await Probe.make(page, bridge.url, transports=["long-poll"])
    await first.connect("demo")
    second = await Probe.make(page, bridge.url, transports=["long-poll"])
    await second.run("(probe.busy = [], 0)")
    listen = "socket.addEventListener('busy', (e) => probe.busy.push([e.code, e.retryAfterS]))"
    await second.run(listen)
    await second.connect("demo")
    busy = await second.run("probe.busy")
    assert busy == [["rate-limited", 1]]
    assert await second.run("[probe.connects, probe.errors]") == [[True], []]

"""What the page shows of a bridge that does not let in just now, or is not there."""

import pytest
from playwright.async_api import Page, Route, expect

from tests.support.bridge import RunningBridge, StartBridge
from tests.web.console_page import OPEN, ConsolePage

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_while_it_waits_for_a_rate_the_page_says_so_and_for_how_long(
    start_bridge: StartBridge, page: Page
) -> None:
    limited = {"client_opens_per_s": 1, "opens_burst": 1}
    bridge = start_bridge({"daemons": {"demo": {"embedded": "chat"}}, **limited})
    console = await ConsolePage.load(page, bridge.url)
    await console.connect("Long-polling")
    await console.button("Disconnect").click()
    await console.button("Connect").click()
    waiting = console.entries.filter(has_text="Not yet: rate-limited")
    await expect(waiting).to_contain_text("; trying again in 1 s")
    await expect(console.status).to_have_text(OPEN)


async def test_a_list_of_daemons_that_does_not_come_is_told_of_in_plain_words(
    bridge: RunningBridge, page: Page
) -> None:
    async def answer(route: Route) -> None:
        await route.fulfill(status=502, body="<h1>502 Bad Gateway</h1>")

    await page.route("**/v1/daemons", answer)
    await page.goto(bridge.url)
    console = ConsolePage(page)
    words = "The list of daemons could not be loaded: HTTP status 502"
    await expect(console.entries.last.locator("code")).to_have_text(words)

"""The page at `/doctor` says what is in the way, with the same words as the command."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.doctor.ways import QUIET_S, WAYS, Way
from tests.support.bridge import RunningBridge
from tests.support.deadline import DEADLINE_S

pytestmark = pytest.mark.asyncio(loop_scope="module")

TITLES = {"websocket": "WebSocket", "stream": "Streams", "quiet": "Silence"}


async def until_examined(page: Page) -> None:
    """All findings are there."""
    again = page.get_by_role("button", name="Examine again")
    await expect(again).to_be_enabled(timeout=DEADLINE_S * 1000)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
async def test_each_obstacle_is_shown(way: Way, bridge: RunningBridge, page: Page) -> None:
    async with way.open(bridge.url) as url:
        await page.goto(f"{url}doctor?quiet={QUIET_S}")
        await until_examined(page)
        await expect(page.get_by_role("status")).to_contain_text(way.client)
        items = page.get_by_role("list", name="Findings").get_by_role("listitem")
        for examination, title in TITLES.items():
            item = items.filter(has=page.get_by_text(title, exact=True)).first
            if examination in way.says:
                await expect(item).to_contain_text(way.says[examination])
            else:
                await expect(item).to_have_attribute("data-outcome", "works")


async def test_the_report_can_be_copied(bridge: RunningBridge, page: Page) -> None:
    await page.context.grant_permissions(["clipboard-read"])
    await page.goto(f"{bridge.url}doctor?quiet=1")
    await until_examined(page)
    await page.get_by_role("button", name="Copy report").click()
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert re.search("^WebSocket: WebSockets pass", copied, re.MULTILINE)
    assert "Client: The client will use WebSocket." in copied

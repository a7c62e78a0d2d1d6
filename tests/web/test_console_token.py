"""Where the bridge asks who one is, the page shows the token that was entered."""

import pytest
from playwright.async_api import Page, expect

from tests.support.bridge import RunningBridge, StartBridge
from tests.web.console_page import CLOSED, ConsolePage

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOKEN = "token-of-nobody-in-particular"


@pytest.fixture(scope="module")
def guarded(start_bridge: StartBridge) -> RunningBridge:
    """Asks for a token."""
    daemon = {"embedded": "chat", "auth": {"tokens": {"ada": TOKEN}}}
    return start_bridge({"daemons": {"demo": daemon}})


async def test_without_a_token_the_reason_is_told(guarded: RunningBridge, page: Page) -> None:
    console = await ConsolePage.load(page, guarded.url)
    await console.button("Connect").click()
    await expect(console.entries.last).to_contain_text("Failed: unauthenticated")
    await expect(console.status).to_have_text(CLOSED)


@pytest.mark.parametrize("transport", ["WebSocket", "Long-polling"])
async def test_a_token_that_can_be_none_is_told_of_in_plain_words(
    guarded: RunningBridge, page: Page, transport: str
) -> None:
    console = await ConsolePage.load(page, guarded.url)
    await page.get_by_label("Token").fill("two words")
    await console.transport.select_option(transport)
    await console.button("Connect").click()
    words = "Failed: no-credential, a token has only letters, digits and -._~+/, and = at its end"
    await expect(console.entries.last).to_contain_text(words)
    await expect(console.status).to_have_text(CLOSED)


@pytest.mark.parametrize("transport", ["WebSocket", "Long-polling"])
async def test_with_its_token_one_is_let_in(
    guarded: RunningBridge, page: Page, transport: str
) -> None:
    console = await ConsolePage.load(page, guarded.url)
    await page.get_by_label("Token").fill(TOKEN)
    await console.connect(transport)
    await console.send("<ping/>")
    await console.has_received("<pong/>")

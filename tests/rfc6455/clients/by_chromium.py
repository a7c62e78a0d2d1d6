"""The WebSocket of Chromium, in a page of the bridge."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Page, async_playwright
from yarl import URL

from tests.rfc6455 import peer
from tests.rfc6455.clients.by_script import ScriptTalker, opened
from tests.rfc6455.clients.talker import Connect
from tests.web.chromium import launch

SCRIPT = (peer.FOLDER / "page.js").read_text()


class PageScript:
    """In a page. No page can send a Ping."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def command(self, name: str, given: object) -> None:
        """A call."""
        await self._page.evaluate(f"(given) => talker.{name}(given)", given)

    async def told(self) -> dict[str, Any]:
        """What a promise brings."""
        event: dict[str, Any] = await self._page.evaluate("talker.next()")
        return event


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        yield browser
        await browser.close()


def connects(browser: Browser) -> Connect:
    """How this browser opens a WebSocket."""

    @asynccontextmanager
    async def connected(url: URL, subprotocols: tuple[str, ...]) -> AsyncIterator[ScriptTalker]:
        page = await browser.new_page()
        # Something of the bridge's origin that runs no script of its own.
        await page.goto(str(url.join(URL("/xmlsocket.js"))))
        await page.evaluate(SCRIPT, [str(url.with_scheme("ws")), list(subprotocols)])
        yield await opened(PageScript(page))
        await page.close()

    return connected

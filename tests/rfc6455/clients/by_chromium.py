"""The WebSocket of Chromium, in a page of the bridge."""

import shutil
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Page, async_playwright
from yarl import URL

from tests.rfc6455 import peer
from tests.rfc6455.clients.talker import Closed, Connect, Message
from tests.web.conftest import CHROMIUM_ARGS

SCRIPT = (peer.FOLDER / "page.js").read_text()


class ChromiumTalker:
    """A `Talker`. No page can send a Ping."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def send(self, message: Message) -> None:
        """As it is."""
        if isinstance(message, str):
            await self._command("text", message)
        else:
            await self._command("binary", b64encode(message).decode())

    async def receive(self) -> Message:
        """As it came."""
        event = await self.told()
        return event["text"] if "text" in event else b64decode(event["binary"])

    async def close(self, code: int, reason: str) -> None:
        """Does not wait."""
        await self._command("close", [code, reason])

    async def closed(self) -> Closed:
        """By its event, which must say that both have closed."""
        while "closed" not in (event := await self.told()):
            pass
        assert event["wasClean"], event
        return Closed(*event["closed"])

    async def told(self) -> dict[str, Any]:
        """The next event."""
        event: dict[str, Any] = await self._page.evaluate("talker.next()")
        return event

    async def _command(self, name: str, given: object) -> None:
        await self._page.evaluate(f"(given) => talker.{name}(given)", given)


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    path = shutil.which("chromium")
    assert path, "these tests need Chromium, which tests/install installs"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        yield browser
        await browser.close()


def connects(browser: Browser) -> Connect:
    """How this browser opens a WebSocket."""

    @asynccontextmanager
    async def connected(url: URL, subprotocols: tuple[str, ...]) -> AsyncIterator[ChromiumTalker]:
        page = await browser.new_page()
        # Something of the bridge's origin that runs no script of its own.
        await page.goto(str(url.join(URL("/xmlsocket.js"))))
        await page.evaluate(SCRIPT, [str(url.with_scheme("ws")), list(subprotocols)])
        talker = ChromiumTalker(page)
        assert "open" in await talker.told()
        yield talker
        await page.close()

    return connected

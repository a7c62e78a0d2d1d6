"""The page at the bridge's own address, as a person uses it."""

import re
from typing import Self

from playwright.async_api import Locator, Page, expect

CLOSED = "Not connected"
OPEN = "Connected"


class ConsolePage:
    """The page's parts, found as a person or a screen reader finds them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.status = page.get_by_role("status")
        self.transport = page.get_by_label("Transport")
        self.message = page.get_by_role("textbox", name="Message")
        self.send_button = page.get_by_role("button", name="Send")
        self.list = page.get_by_role("listbox", name="Messages")
        self.entries = self.list.get_by_role("option")
        self.received = self.entries.and_(page.locator(".received"))
        self.sent = self.entries.and_(page.locator(".sent"))
        self.search = page.get_by_role("searchbox", name="Search")
        self.content = page.get_by_role("region", name="Content")

    @classmethod
    async def load(cls, page: Page, url: str) -> Self:
        """Loads the page at the bridge's `url` and waits until one can connect."""
        await page.goto(url)
        await expect(page.get_by_role("button", name="Connect")).to_be_enabled()
        return cls(page)

    async def connect(self, transport: str = "Automatic", daemon: str = "demo") -> None:
        """Connects to the demo, or another daemon; returns when connected."""
        await self.page.get_by_label("Daemon").select_option(daemon)
        await self.transport.select_option(transport)
        await self.page.get_by_role("button", name="Connect").click()
        await expect(self.status).to_have_text(OPEN)

    async def send(self, text: str) -> None:
        await self.message.fill(text)
        await self.send_button.click()

    async def has_received(self, text: str) -> None:
        """Waits until this message is in the list, within sight."""
        await expect(self.received.filter(has=self._exactly(text)).first).to_be_visible()

    async def read(self, text: str) -> None:
        """Chooses the latest message with this text in it, which is then shown in full."""
        await self.entries.filter(has_text=text).last.click()
        await expect(self.content).to_be_visible()

    async def show(self, choice: str, group: str) -> None:
        """Chooses one of a group, like the direction."""
        choices = self.page.get_by_role("radiogroup", name=group)
        await choices.get_by_role("radio", name=choice).check()

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def detail(self, name: str) -> Locator:
        """The value beside `name`, of the connection's details."""
        term = self.page.get_by_role("term").filter(has_text=re.compile(f"^{re.escape(name)}$"))
        return term.locator("xpath=../dd")

    async def texts(self, entries: Locator) -> list[str]:
        """The messages of these entries."""
        return await entries.locator("code").all_text_contents()

    def _exactly(self, text: str) -> Locator:
        return self.page.get_by_text(text, exact=True)

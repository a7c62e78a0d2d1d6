"""The JavaScript client in a page, seen from a test."""

from pathlib import Path
from typing import Any, Self

from playwright.async_api import Page

SCRIPT = Path(__file__).with_name("probe.js").read_text()
NAMES = "const { probe } = window, { socket } = probe;"
POLL_MS = 10


class Probe:
    """An `XMLSocket` and all that it told; expressions are JavaScript, over `socket` and `probe`.

    `probe` holds, each in order: `connects`, `messages` with their `numbers`, `xml` (names of root
    elements), `errors` (code and message number), `closes` (codes) and `states` (the transport in
    use, else the state).
    """

    def __init__(self, page: Page) -> None:
        self._page = page

    @classmethod
    async def make(cls, page: Page, url: str, **options: object) -> Self:
        """Loads the page at `url`, the bridge's, and makes a socket with these options in it."""
        await page.goto(url)
        await page.evaluate(SCRIPT, options)
        return cls(page)

    async def connect(self, *where: str | int | None) -> None:
        """Connects and returns once that has worked out, one way or the other."""
        await self.run("socket.connect(...given)", where)
        await self.until("probe.connects.length > 0")

    async def send(self, *messages: str) -> None:
        """Sends all messages at once."""
        await self.run("given.forEach((message) => socket.send(message))", messages)

    async def received(self, count: int) -> list[Any]:
        """All messages, once there are at least `count`; bytes as lists of numbers."""
        await self.until(f"probe.messages.length >= {count}")
        messages: list[Any] = await self.run("probe.messages")
        return messages

    async def run(self, expression: str, given: object = None) -> Any:
        """The value of the expression; `given` is at its disposal."""
        return await self._page.evaluate(f"(given) => {{ {NAMES} return {expression} }}", given)

    async def until(self, condition: str) -> None:
        """Returns once the expression is true."""
        condition = f"() => {{ {NAMES} return {condition} }}"
        await self._page.wait_for_function(condition, polling=POLL_MS)

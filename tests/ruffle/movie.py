"""A movie on a page, played by Ruffle, seen from a test."""

from collections.abc import Sequence
from typing import Any, Self

from playwright.async_api import Page
from playwright.async_api import TimeoutError as PlaywrightTimeout

from tests.ruffle.site import Site

# What the movie reports, by ExternalInterface, in the order of the reports.
RECORD = "const told = []; function report(kind, value = null) { told.push([kind, value]); }"

# Ruffle's own options: nothing to click at, and a renderer that takes no GPU.
OPTIONS = (
    'autoplay: "on", unmuteOverlay: "hidden", splashScreen: false, preferredRenderer: "canvas"'
)
CONFIGURATION = (
    f"<script>(window.RufflePlayer ??= {{}}).config = {{ {OPTIONS}, logLevel: 'info' }}</script>"
)
POLL_MS = 10

Report = list[Any]
"""What happened, and its value: `["connect", True]`, `["data", "<a/>"]`, `["close", None]`."""


def page_with(movie: str, scripts: Sequence[str]) -> str:
    """A page of the kind there are many of: some scripts, and a movie in an `object`."""
    return (
        '<!doctype html><meta charset="utf-8"><title>A movie</title>'
        f"<script>{RECORD}</script>{''.join(scripts)}"
        f'<object id="movie" type="application/x-shockwave-flash" data="{movie}">'
        '<param name="allowScriptAccess" value="always"></object>'
    )


def script(url: str, attributes: str = "") -> str:
    """The tag that loads it."""
    return f'<script src="{url}" {attributes}></script>'


async def started(
    name: str, site: Site, bridge_url: str, page: Page, *, attributes: str = ""
) -> "Movie":
    """The movie, playing on a page of the site whose tag for the bridge's script has these."""
    mine = script(bridge_url + "ruffle.js", attributes)
    scripts = [CONFIGURATION, mine, script("/ruffle/ruffle.js")]
    site.pages["page"] = page_with(f"{name}.swf", scripts)
    return await Movie.start(page, site.url + "page")


class Movie:
    """A movie that has started; what it told is in `told`."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._console: list[str] = []
        page.on("console", lambda message: self._console.append(message.text))

    @classmethod
    async def start(cls, page: Page, url: str) -> Self:
        """Loads the page, and returns once the movie plays."""
        movie = cls(page)
        await page.goto(url)
        await movie._until(1)
        return movie

    async def connect(self, host: str | None, port: int) -> None:
        """Lets it connect, and returns once it has been told something of that."""
        before = len(await self._reports())
        await self._page.evaluate("(where) => movie.connectTo(...where)", [host, port])
        await self._until(before + 1)

    async def say(self, *messages: str) -> None:
        """Lets it send all messages at once."""
        await self._page.evaluate("(given) => given.forEach((each) => movie.say(each))", messages)

    async def say_every(self, period_ms: int) -> None:
        """Lets it send `<up>1</up>`, `<up>2</up>` and so on, one in each period."""
        await self._page.evaluate(
            """(period_ms) => {
                window.said = 0;
                window.timer = setInterval(() => movie.say(`<up>${++said}</up>`), period_ms);
            }""",
            period_ms,
        )

    async def stop_saying(self) -> int:
        """Ends that, and returns how many it were."""
        said: int = await self._page.evaluate("clearInterval(timer), said")
        return said

    async def hang_up(self) -> None:
        """Lets it close its socket."""
        await self._page.evaluate("movie.hangUp()")

    async def told(self, count: int) -> list[Report]:
        """All that it told since it has started, once that is at least `count` reports."""
        await self._until(1 + count)
        return (await self._reports())[1:]

    async def heard(self, count: int) -> list[str]:
        """The messages that it received, once there are `count` of them and the connection."""
        reports = await self.told(1 + count)
        assert reports[0] == ["connect", True]
        assert {kind for kind, _ in reports[1:]} == {"data"}, reports
        return [value for _, value in reports[1:]]

    async def _reports(self) -> list[Report]:
        reports: list[Report] = await self._page.evaluate("told")
        return reports

    async def _until(self, count: int) -> None:
        try:
            await self._page.wait_for_function(
                "(count) => told.length >= count", arg=count, polling=POLL_MS
            )
        except PlaywrightTimeout:
            told, console = str(await self._reports())[-500:], "\n".join(self._console)
            raise AssertionError(f"not {count} reports but ...{told}, and:\n{console}") from None

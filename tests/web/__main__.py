"""`python -m tests.web`: makes the pictures of the console in docs/ again."""

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import async_playwright

from tests.support.bridge import REPOSITORY, RunningBridge
from tests.web.chromium import launch
from tests.web.screenshots import LOOKS, take

CONFIG = {"daemons": {"demo": {"embedded": "chat"}}}


async def main() -> None:
    """Needs what tests/install installs."""
    folder = REPOSITORY / "docs"
    with tempfile.TemporaryDirectory() as place, RunningBridge(CONFIG, Path(place)) as bridge:
        async with async_playwright() as playwright:
            browser = await launch(playwright)
            await take(browser, bridge.url, folder)
            await browser.close()
    for name in LOOKS:
        print(folder / name)


asyncio.run(main())

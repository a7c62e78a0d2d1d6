"""The browser of the tests: Debian's Chromium, without a window and without ways of its own."""

import shutil

from playwright.async_api import Browser, Playwright

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Chromium takes a page whose answer a test has changed for one of the public network, which may
    # not open WebSockets to 127.0.0.1.
    "--disable-features=LocalNetworkAccessChecks",
]


async def launch(playwright: Playwright) -> Browser:
    """Starts it; whoever calls closes it."""
    path = shutil.which("chromium")
    assert path, "these tests need Chromium, which tests/install installs"
    return await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)

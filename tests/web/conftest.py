"""A browser, and the bridge that its pages talk to.

The browser lives as long as a module's tests, and so does their event loop.
"""

import socket
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.daemon import ScriptedDaemon
from tests.support.deadline import DEADLINE_S
from tests.web.cable import Cable
from tests.web.chromium import launch
from tests.web.pages import OpenPage


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Opens pages, each as if in a browser of its own; what a page throws fails the test."""
    thrown: list[str] = []
    contexts = []

    async def open_page(**options: object) -> Page:
        context = await browser.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(DEADLINE_S * 1000)
        context.on("weberror", lambda error: thrown.append(str(error.error)))
        contexts.append(context)
        return await context.new_page()

    yield open_page
    for context in contexts:
        await context.close()
    assert thrown == []


@pytest_asyncio.fixture(loop_scope="module")
async def page(open_page: OpenPage) -> Page:
    return await open_page()


@pytest_asyncio.fixture(loop_scope="module")
async def daemon(daemon_socket: socket.socket) -> AsyncIterator[ScriptedDaemon]:
    """The daemon of one test, in the loop of the module."""
    async with ScriptedDaemon(daemon_socket) as scripted:
        yield scripted


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, daemon_socket: socket.socket) -> RunningBridge:
    """`demo` is the embedded chat; `text`, `xml` and `bytes` lead to the scripted daemon."""
    address = f"127.0.0.1:{daemon_socket.getsockname()[1]}"
    daemons: dict[str, dict[str, object]] = {
        kind: {"address": address, "messages": kind} for kind in ("text", "xml", "bytes")
    }
    daemons["text"]["aliases"] = ["game.example.com:9339"]
    daemons["demo"] = {"embedded": "chat"}
    return start_bridge({"wait_s": 10, "max_unacked_bytes": 65536, "daemons": daemons})


@pytest_asyncio.fixture(loop_scope="module")
async def cable(bridge: RunningBridge) -> AsyncIterator[Cable]:
    """The way to the bridge."""
    async with Cable(bridge.url) as cable:
        yield cable

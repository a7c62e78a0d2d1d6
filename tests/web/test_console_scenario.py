"""What was sent is saved from the page, and sent again from the file."""

import asyncio
import json
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.support.bridge import RunningBridge
from tests.support.daemon import DaemonConnection, ScriptedDaemon
from tests.web.console_page import ConsolePage

pytestmark = pytest.mark.asyncio(loop_scope="module")

LATER_MS = 3_600_000


async def connected(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page, kind: str = "text"
) -> tuple[ConsolePage, DaemonConnection]:
    console = await ConsolePage.load(page, bridge.url)
    await console.connect(daemon=kind)
    return console, await daemon.accepted()


def scenario(*messages: str, apart_ms: int = 0) -> bytes:
    """A file with these messages."""
    timed = [{"at_ms": apart_ms * place, "text": message} for place, message in enumerate(messages)]
    document = {"format": "xmlsocket-bridge-scenario", "version": 1, "daemon": "text"}
    return json.dumps({**document, "messages": timed}).encode()


async def choose(page: Page, content: bytes) -> None:
    """Opens a file with this content as a scenario."""
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Open scenario").click()
    file = {"name": "chat.json", "mimeType": "application/json", "buffer": content}
    await (await chooser.value).set_files(file)  # type: ignore[arg-type]


async def test_a_scenario_is_saved_and_replayed(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page
) -> None:
    console, connection = await connected(bridge, daemon, page)
    await console.send("<a/>")
    await console.send("<b/>")
    async with page.expect_download() as saved:
        await console.button("Save scenario").click()
    path = await (await saved.value).path()
    content = await asyncio.to_thread(Path(path).read_bytes)
    assert [message["text"] for message in json.loads(content)["messages"]] == ["<a/>", "<b/>"]
    await choose(page, content)
    await console.button("Replay").click()
    await connection.received_messages(b"<a/>", b"<b/>", b"<a/>", b"<b/>")
    await expect(console.entries.filter(has_text="Replayed to the end")).to_be_visible()


async def test_a_replay_waits_as_it_was_and_stops_when_told(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page
) -> None:
    console, connection = await connected(bridge, daemon, page)
    await choose(page, scenario("<now/>", "<later/>", apart_ms=LATER_MS))
    await console.button("Replay").click()
    await connection.received_messages(b"<now/>")
    await expect(page.get_by_text("1 of 2 messages sent")).to_be_visible()
    await console.button("Stop").click()
    await expect(console.button("Replay")).to_be_enabled()
    await console.send("<after/>")
    await connection.received_messages(b"<now/>", b"<after/>")


async def test_a_replay_at_once_does_not_wait(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page
) -> None:
    console, connection = await connected(bridge, daemon, page)
    await choose(page, scenario("<now/>", "<later/>", apart_ms=LATER_MS))
    await page.get_by_label("at once").check()
    await console.button("Replay").click()
    await connection.received_messages(b"<now/>", b"<later/>")


async def test_a_replay_ends_with_the_connection(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page
) -> None:
    console, connection = await connected(bridge, daemon, page)
    await choose(page, scenario("<a/>", "<b/>", "<c/>", apart_ms=300))
    await console.button("Replay").click()
    await connection.received_messages(b"<a/>")
    await console.button("Disconnect").click()
    stopped = console.entries.filter(has_text="The replay stopped: not connected")
    await expect(stopped).to_be_visible()
    await expect(console.button("Replay")).to_be_disabled()


async def test_a_file_that_is_no_scenario_is_refused(bridge: RunningBridge, page: Page) -> None:
    console = await ConsolePage.load(page, bridge.url)
    await choose(page, b"{}")
    await expect(console.entries.last).to_contain_text("chat.json: this is no scenario")
    await expect(console.button("Replay")).to_be_hidden()

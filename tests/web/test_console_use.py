"""The page by keyboard alone, in light and dark, and for everybody: what axe-core has to say."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.support.bridge import RunningBridge
from tests.web.console_page import CLOSED, OPEN, ConsolePage
from tests.web.pages import OpenPage

pytestmark = pytest.mark.asyncio(loop_scope="module")

AXE = Path(__file__).with_name("axe") / "node_modules/axe-core/axe.min.js"
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 640}
GRAVE = ("serious", "critical")
BACKGROUND = "getComputedStyle(document.body).backgroundColor"

each_look = pytest.mark.parametrize(
    "look",
    [
        {"viewport": viewport, "color_scheme": scheme}
        for viewport in (DESK, PHONE)
        for scheme in ("light", "dark")
    ],
    ids=["desk-light", "desk-dark", "phone-light", "phone-dark"],
)


async def grave_findings(page: Page) -> list[str]:
    """What axe-core finds serious or worse, with the first place of each."""
    # As a debugger does, whom the page's Content-Security-Policy does not bind.
    await page.evaluate(AXE.read_text())
    found: dict[str, Any] = await page.evaluate("axe.run()")
    assert found["passes"], "axe-core looked at nothing"
    return [
        f"{finding['id']}: {finding['nodes'][0]['html']}: {finding['nodes'][0]['failureSummary']}"
        for finding in found["violations"]
        if finding["impact"] in GRAVE
    ]


@each_look
async def test_axe_finds_nothing_grave_about_the_console(
    bridge: RunningBridge, open_page: OpenPage, look: dict[str, Any]
) -> None:
    page = await open_page(**look)
    console = await ConsolePage.load(page, bridge.url)
    assert await grave_findings(page) == []
    await console.connect()
    for text in ("<ping/>", "<say>oops", "<who/>"):
        await console.send(text)
    await console.has_received("<pong/>")
    await expect(console.sent.filter(has_text="oops")).to_contain_text("refused")
    await expect(console.sent.filter(has_text="ping")).to_contain_text("accepted")
    await page.get_by_text("Measures").click()
    assert await grave_findings(page) == []
    await console.read("<people>")
    assert await grave_findings(page) == []
    await console.button("Help").click()
    assert await grave_findings(page) == []


@each_look
async def test_axe_finds_nothing_grave_about_the_doctor(
    bridge: RunningBridge, open_page: OpenPage, look: dict[str, Any]
) -> None:
    page = await open_page(**look)
    await page.goto(f"{bridge.url}doctor?quiet=0")
    await expect(page.get_by_role("button", name="Examine again")).to_be_enabled()
    assert await grave_findings(page) == []


async def test_axe_sees_what_is_grave(page: Page) -> None:
    """Or else finding nothing would mean nothing."""
    await page.set_content("<button style='color: #eee; background: #fff'></button>")
    assert any(finding.startswith("button-name") for finding in await grave_findings(page))


async def test_all_is_done_by_keyboard(bridge: RunningBridge, page: Page) -> None:
    console = await ConsolePage.load(page, bridge.url)
    keyboard = page.keyboard
    await page.get_by_label("Daemon").focus()
    await keyboard.type("demo")
    await console.button("Connect").focus()
    await keyboard.press("Enter")
    await expect(console.status).to_have_text(OPEN)
    await expect(console.message).to_be_focused()
    await keyboard.press("Control+a")
    await keyboard.type("<who/>")
    await keyboard.press("Enter")
    await expect(console.received.filter(has_text="<people>")).to_be_visible()
    await console.button("Send").focus()
    await keyboard.press("l")
    await keyboard.press("End")
    await keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Received")).to_be_focused()
    await keyboard.press("f")
    await expect(console.button("Unfold all")).to_be_visible()
    await keyboard.press("r")
    await expect(console.content.locator("pre")).to_contain_text("<people>")
    await keyboard.press("Escape")
    await expect(console.content).to_be_hidden()
    await expect(console.list).to_be_focused()
    await keyboard.press("d")
    await expect(page.get_by_role("radio", name="Received")).to_be_checked()
    await keyboard.press("/")
    await expect(console.search).to_be_focused()
    await console.button("Disconnect").focus()
    await keyboard.press("Enter")
    await expect(console.status).to_have_text(CLOSED)


async def test_the_chosen_message_is_told_to_those_who_do_not_see_it(
    bridge: RunningBridge, page: Page
) -> None:
    console = await ConsolePage.load(page, bridge.url)
    await console.connect()
    await console.send("<ping/>")
    await console.has_received("<pong/>")
    await console.list.press("Home")
    chosen = console.entries.and_(page.locator("[aria-selected=true]"))
    await expect(chosen).to_have_attribute("aria-posinset", "1")
    active = await console.list.get_attribute("aria-activedescendant")
    assert active == await chosen.get_attribute("id")


async def test_the_focus_is_seen_wherever_the_keyboard_leads(
    bridge: RunningBridge, page: Page
) -> None:
    console = await ConsolePage.load(page, bridge.url)
    await console.connect()
    seen = set()
    outline = """() => {
        const { activeElement: part } = document;
        const sign = part.type === "radio" ? part.nextElementSibling : part;
        return [part.id || part.value || part.localName, getComputedStyle(sign).outlineStyle];
    }"""
    for _ in range(30):
        await page.keyboard.press("Tab")
        name, style = await page.evaluate(outline)
        assert name == "body" or style != "none", name
        seen.add(name)
    assert {"search", "journal", "message", "theme", "save", "both"} <= seen


async def test_the_help_lists_the_keys_and_single_letters_can_be_switched_off(
    bridge: RunningBridge, page: Page
) -> None:
    console = await ConsolePage.load(page, bridge.url)
    await page.keyboard.press("?")
    help_dialog = page.get_by_role("dialog", name="Keys")
    await expect(help_dialog.get_by_text("Search", exact=True)).to_be_visible()
    await help_dialog.get_by_label("Single keys do something").uncheck()
    await page.keyboard.press("Escape")
    await expect(help_dialog).to_be_hidden()
    await page.keyboard.press("/")
    await expect(console.search).not_to_be_focused()
    await page.reload()
    await page.keyboard.press("?")
    await expect(help_dialog).to_be_hidden()


async def test_the_theme_is_the_systems_until_one_is_chosen_which_is_remembered(
    bridge: RunningBridge, open_page: OpenPage
) -> None:
    page = await open_page(color_scheme="dark")
    await ConsolePage.load(page, bridge.url)
    dark = await page.evaluate(BACKGROUND)
    await page.emulate_media(color_scheme="light")
    light = await page.evaluate(BACKGROUND)
    assert light != dark
    await page.get_by_role("button", name="Theme: system").click()
    await page.get_by_role("button", name="Theme: light").click()
    assert await page.evaluate(BACKGROUND) == dark
    await page.reload()
    await expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()
    assert await page.evaluate(BACKGROUND) == dark
    await page.get_by_role("link", name="Doctor").click()
    await expect(page.get_by_role("heading", name="Doctor")).to_be_visible()
    assert await page.evaluate(BACKGROUND) == dark

"""The page at the bridge's own address, in a browser, with the demo chat behind it."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.support.bridge import RunningBridge
from tests.web.cable import Cable, WebSockets
from tests.web.console_page import CLOSED, OPEN, ConsolePage
from tests.web.pages import OpenPage, demand

pytestmark = pytest.mark.asyncio(loop_scope="module")

STRICT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
PHONE = {"width": 360, "height": 640}


async def open_console(open_page: OpenPage, url: str) -> ConsolePage:
    return await ConsolePage.load(await open_page(), url)


@pytest.mark.parametrize(
    ("chosen", "used"),
    [("Automatic", "WebSocket"), ("WebSocket", "WebSocket"), ("Long-polling", "Long-polling")],
)
async def test_two_pages_chat(
    bridge: RunningBridge, open_page: OpenPage, chosen: str, used: str
) -> None:
    ada, bob = [await open_console(open_page, bridge.url) for _ in range(2)]
    await ada.connect(chosen)
    await bob.connect()
    await ada.send('<join name="ada"/>')
    await bob.has_received('<joined name="ada"/>')
    await ada.send("<say>hello</say>")
    for console in (ada, bob):
        await console.has_received('<said from="ada">hello</said>')
    await bob.send("<say>hello yourself</say>")
    await ada.has_received(f'<said from="{await name_of(bob)}">hello yourself</said>')
    await expect(ada.detail("Carried by")).to_have_text(used)


async def name_of(console: ConsolePage) -> str:
    """What the chat calls the page, from its first message, which it waits for."""
    await expect(console.received.first).to_be_visible()
    (welcome, *_) = await console.texts(console.received)
    name = re.fullmatch(r'<welcome name="(\w+)"/>', welcome)
    assert name, welcome
    return name[1]


async def test_hello_is_one_click_and_one_key_away(bridge: RunningBridge, page: Page) -> None:
    console = await ConsolePage.load(page, bridge.url)
    await console.connect()
    await expect(console.message).to_be_focused()
    await page.keyboard.press("Enter")
    await console.has_received(f'<said from="{await name_of(console)}">hello</said>')


async def test_messages_are_listed_with_number_size_and_whether_they_were_accepted(
    bridge: RunningBridge, page: Page
) -> None:
    console = await ConsolePage.load(page, bridge.url)
    await console.connect()
    await console.send("<ping/>")
    await console.has_received("<pong/>")
    sent = console.sent.first
    await expect(sent).to_contain_text("#1")
    await expect(sent).to_contain_text("7 B")
    await expect(sent).to_contain_text("accepted")
    await expect(sent).to_contain_text(re.compile(r"\d\d:\d\d:\d\d\.\d{3}"))
    await expect(sent.get_by_text("sent", exact=True)).to_be_attached()
    for name, value in (("Sent", "1"), ("Acknowledged", "1"), ("On the way", "0 B")):
        await expect(console.detail(name)).to_have_text(value)
    received = await console.received.count()
    await expect(console.detail("Received")).to_have_text(str(received))


async def test_a_refused_message_is_marked_and_the_reason_told(
    bridge: RunningBridge, page: Page
) -> None:
    console = await ConsolePage.load(page, bridge.url)
    await console.connect()
    await console.send("<say>oops")
    await expect(console.sent.first).to_contain_text("refused")
    await expect(console.entries.last).to_contain_text("Message 1 was refused: not-well-formed")


async def test_messages_are_shown_as_text_never_as_markup(
    bridge: RunningBridge, page: Page
) -> None:
    console = await ConsolePage.load(page, bridge.url)
    await console.connect()
    markup = "<say><![CDATA[<img src=x onerror=alert(1)>]]></say>"
    await console.send(markup)
    await expect(console.sent.first.locator("code")).to_have_text(markup)
    await expect(console.received.last).to_contain_text("onerror")
    assert await console.list.locator("img").count() == 0


async def test_a_broken_connection_is_resumed_without_loss(
    cable: Cable, bridge: RunningBridge, open_page: OpenPage
) -> None:
    ada = await open_console(open_page, cable.url)
    bob = await open_console(open_page, bridge.url)
    await ada.connect()
    await bob.connect()
    await bob.send('<join name="bob"/>')
    await ada.has_received('<joined name="bob"/>')
    cable.unplug()
    await expect(ada.status).to_have_text("Resuming")
    await ada.send("<say>from the tunnel</say>")
    for place in range(5):
        await bob.send(f"<say>{place}</say>")
    cable.is_plugged = True
    await expect(ada.status).to_have_text(OPEN)
    said_by_bob = ada.received.filter(has_text='from="bob"')
    await expect(said_by_bob).to_have_count(5)
    expected = [f'<said from="bob">{place}</said>' for place in range(5)]
    assert await ada.texts(said_by_bob) == expected
    await expect(bob.received.filter(has_text="from the tunnel")).to_have_count(1)
    await expect(ada.sent.first).to_contain_text("accepted")


async def test_the_page_falls_back_to_polls_by_itself(cable: Cable, page: Page) -> None:
    cable.websockets = WebSockets.REFUSED
    console = await ConsolePage.load(page, cable.url)
    await console.connect()
    await expect(console.detail("Carried by")).to_have_text("Long-polling")


@pytest.mark.parametrize("transport", ["WebSocket", "Long-polling"])
async def test_a_page_that_is_closed_leaves_the_chat_at_once(
    bridge: RunningBridge, open_page: OpenPage, transport: str
) -> None:
    ada, bob = [await open_console(open_page, bridge.url) for _ in range(2)]
    await ada.connect(transport)
    await bob.connect()
    await ada.send('<join name="ada"/>')
    await bob.has_received('<joined name="ada"/>')
    await ada.page.goto("about:blank")
    await bob.has_received('<left name="ada"/>')


async def test_disconnecting_ends_the_session_and_one_can_connect_again(
    bridge: RunningBridge, page: Page
) -> None:
    console = await ConsolePage.load(page, bridge.url)
    await console.connect()
    await page.get_by_role("button", name="Disconnect").click()
    await expect(console.status).to_have_text(CLOSED)
    await expect(console.send_button).to_be_disabled()
    await console.connect("Long-polling")


async def test_the_page_obeys_a_strict_content_security_policy(
    bridge: RunningBridge, page: Page
) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    await demand(page, bridge.url, STRICT_POLICY)
    console = await ConsolePage.load(page, bridge.url)
    await console.connect()
    await console.send("<ping/>")
    await console.has_received("<pong/>")
    assert complaints == []


async def test_the_page_loads_nothing_from_elsewhere(bridge: RunningBridge, page: Page) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    console = await ConsolePage.load(page, bridge.url)
    await console.connect("Long-polling")
    assert [url for url in requests if not url.startswith(bridge.url)] == []


async def test_the_page_fits_a_phone(bridge: RunningBridge, open_page: OpenPage) -> None:
    page = await open_page(viewport=PHONE, is_mobile=True, has_touch=True)
    console = await ConsolePage.load(page, bridge.url)
    await console.connect()
    await console.send(f"<say>{'wide' * 100}</say>")
    await expect(console.received.last).to_contain_text("wide")
    await expect(console.received.last).to_be_in_viewport()
    await console.read("wide")
    await expect(console.content).to_be_in_viewport()
    for name in ("Send", "Disconnect", "Help", "Close message"):
        await expect(console.button(name)).to_be_in_viewport(ratio=1)
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

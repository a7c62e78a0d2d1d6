"""The list of messages on the page: found again, read in full, and fast however many there are."""

import pytest
from playwright.async_api import Page, expect

from tests.support.bridge import RunningBridge
from tests.support.daemon import ScriptedDaemon
from tests.web.console_page import ConsolePage

pytestmark = pytest.mark.asyncio(loop_scope="module")

KEPT = 10_000
HOSTILE = (
    "<a href='javascript:alert(1)'><script>alert(2)</script><img src='x' onerror='alert(3)'/></a>"
)


async def connected(bridge: RunningBridge, page: Page, daemon: str = "demo") -> ConsolePage:
    console = await ConsolePage.load(page, bridge.url)
    await console.connect(daemon=daemon)
    return console


async def test_messages_are_found_by_their_text_and_direction(
    bridge: RunningBridge, page: Page
) -> None:
    console = await connected(bridge, page)
    for text in ("<ping/>", "<say>needle</say>"):
        await console.send(text)
    await console.has_received("<pong/>")
    await console.search.fill("NEEDLE")
    await expect(console.entries).to_have_count(2)
    await console.show("Sent", "Direction")
    await expect(console.entries).to_have_count(1)
    await expect(console.entries).to_contain_text("<say>needle</say>")
    await console.search.fill("no such text")
    await expect(page.get_by_text("Nothing here matches.")).to_be_visible()


async def test_errors_and_closes_are_shown_alone(bridge: RunningBridge, page: Page) -> None:
    console = await connected(bridge, page)
    await console.send("<say>oops")
    await expect(console.sent).to_contain_text("refused")
    await console.button("Disconnect").click()
    await console.show("Errors", "Kind")
    assert await console.texts(console.sent) == ["<say>oops"]
    await expect(console.entries).to_have_count(2)
    await console.show("Closes", "Kind")
    assert await console.texts(console.entries) == ["Disconnected"]


async def test_a_message_is_shown_as_a_tree_that_folds_and_as_it_came(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page
) -> None:
    console = await connected(bridge, page, "text")
    message = b'<map><town name="Brno"><note>hi</note></town>\n<!-- end --></map>'
    (await daemon.accepted()).say(message)
    await console.read("Brno")
    inner = console.content.get_by_text("hi", exact=True)
    await expect(inner).to_be_visible()
    await console.button("Fold all").click()
    await expect(inner).not_to_be_visible()
    await console.button("Unfold all").click()
    await expect(inner).to_be_visible()
    await console.content.locator("summary").first.click()
    await expect(inner).not_to_be_visible()
    await console.show("Raw", "Form")
    await expect(console.content.locator("pre")).to_have_text(message.decode())


async def test_a_hostile_message_is_text_in_its_tree_too(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page
) -> None:
    console = await connected(bridge, page, "text")
    (await daemon.accepted()).say(HOSTILE.encode())
    await console.read("javascript")
    await expect(console.content).to_contain_text("alert(2)")
    tags = "[...document.querySelectorAll('#body *')].map((part) => part.localName)"
    assert set(await page.evaluate(tags)) <= {"details", "summary", "div", "span"}


async def test_a_message_that_is_huge_or_deep_is_shown_as_far_as_is_useful(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page
) -> None:
    console = await connected(bridge, page, "text")
    connection = await daemon.accepted()
    connection.say(b"<deep>" + b"<a>" * 20_000, b"<huge>" + b"x" * 600_000)
    await console.read("<deep>")
    await expect(console.content).to_contain_text("characters more, shown under Raw")
    assert await console.content.locator("details").count() <= 101
    await console.read("<huge>")
    await expect(console.content).to_contain_text("characters more")


async def test_of_thousands_of_messages_the_latest_are_kept_and_the_rest_is_counted(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page
) -> None:
    console = await connected(bridge, page, "text")
    connection = await daemon.accepted()
    connection.say(*(b"<n>%d</n>" % number for number in range(1, KEPT + 1_001)))
    await console.has_received(f"<n>{KEPT + 1_000}</n>")
    count = page.locator("#count")
    # Beside the messages, that it connected.
    await expect(count).to_have_text("10,000 in the list, 1,001 older dropped")
    assert await console.entries.count() < 100
    await console.search.fill("<n>1001</n>")
    await expect(console.entries).to_have_count(1)


async def test_one_who_reads_back_is_not_carried_away_by_what_comes(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page
) -> None:
    console = await connected(bridge, page, "text")
    connection = await daemon.accepted()
    connection.say(*(b"<n>%d</n>" % number for number in range(1, 501)))
    await console.has_received("<n>500</n>")
    await console.list.press("Home")
    await console.list.press("ArrowDown")
    first = console.entries.filter(has_text="<n>1</n>").first
    await expect(first).to_be_in_viewport()
    connection.say(b"<late/>")
    await expect(console.detail("Received")).to_have_text("501")
    await expect(first).to_be_in_viewport()
    await console.button("Latest ↓").click()
    await console.has_received("<late/>")


async def test_how_long_messages_take_is_plotted(bridge: RunningBridge, page: Page) -> None:
    console = await connected(bridge, page)
    for number in range(1, 4):
        await console.send("<ping/>")
        await expect(console.received.filter(has_text="<pong/>")).to_have_count(number)
    for series in ("answered", "accepted"):
        await expect(page.locator(f"#plot .{series} circle")).to_have_count(3)
        await expect(page.locator(f"#{series}")).to_contain_text("median")

"""The examples that are pages, in a browser."""

import pytest
from playwright.async_api import Page, expect

from tests.examples.conftest import ShowExample
from tests.support.bridge import RunningBridge

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def say(page: Page, text: str) -> None:
    await page.fill("#text", text)
    await page.press("#text", "Enter")


async def test_two_pages_chat(show: ShowExample) -> None:
    ada, bob = await show("chat.html"), await show("chat.html")
    for page in (ada, bob):
        await expect(page.locator("#state")).to_have_text("open")
        await expect(page.locator("li").first).to_contain_text("you are guest")
    await say(ada, "a < b & c")
    for page in (ada, bob):
        await expect(page.locator("li").last).to_contain_text(": a < b & c")


async def test_a_component_of_react_has_a_session(show: ShowExample) -> None:
    page = await show("react/index.html")
    await expect(page.locator("#state")).to_have_text("open")
    await expect(page.locator("li")).to_have_count(1)
    await page.click("button")
    await expect(page.locator("li").last).to_have_text("<pong/>")
    await expect(page.locator("li")).to_have_count(2)


async def test_a_component_that_react_mounts_twice_leaves_one_session(
    show: ShowExample, bridge: RunningBridge
) -> None:
    page = await show("react/index.html")
    await expect(page.locator("#state")).to_have_text("open")
    for _ in range(ASKED_AT_MOST):
        people = await page.evaluate(ASK_WHO_IS_THERE)
        if people.count("<person ") == 2:
            return
    pytest.fail(f"beside who asks one should be there: {people}")


ASKED_AT_MOST = 50
"""The daemon hears of openings and ends a moment after the page."""


ASK_WHO_IS_THERE = """async () => {
  const { XMLSocket } = await import("/xmlsocket.js");
  const socket = new XMLSocket();
  const answer = new Promise((resolve) => (socket.onData = (data) => {
    if (data.startsWith("<people>")) resolve(data);
  }));
  socket.onConnect = () => socket.send("<who/>");
  socket.connect("demo");
  const people = await answer;
  socket.close();
  return people;
}"""


async def test_the_class_of_the_movie_chats(show: ShowExample) -> None:
    page = await show("as2/index.html")
    lines = page.locator("#lines")
    await expect(lines).to_have_text("* ada is here\n", use_inner_text=False)
    await say(page, "hello")
    await expect(lines).to_contain_text("ada: hello\n")

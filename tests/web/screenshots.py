"""The pictures of the console in docs/, made from a chat that is played for them."""

from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.web.console_page import ConsolePage

LOOKS: dict[str, dict[str, Any]] = {
    "console-light.png": {"viewport": {"width": 1200, "height": 760}, "color_scheme": "light"},
    "console-dark.png": {"viewport": {"width": 1200, "height": 760}, "color_scheme": "dark"},
    "console-phone-dark.png": {
        "viewport": {"width": 360, "height": 720},
        "color_scheme": "dark",
        "device_scale_factor": 1.5,
        "is_mobile": True,
        "has_touch": True,
    },
}
PINGS = 40
SAID = (
    "<say>The old server answers, through the proxy and all</say>",
    "<say>even <![CDATA[<b>markup</b>]]> comes as it was sent</say>",
    "<say>oops",
)

JOIN = """async (names) => {
    const { XMLSocket } = await import("./xmlsocket.js");
    window.others = await Promise.all(names.map((name) => new Promise((resolve) => {
        const socket = new XMLSocket({ messages: "text" });
        socket.onConnect = () => socket.send(`<join name="${name}"/>`);
        socket.onData = (data) => data.includes(`joined name="${name}"`) && resolve(socket);
        socket.connect("demo");
    })));
}"""
SAY = "(text) => window.others[0].send(`<say>${text}</say>`)"


async def take(browser: Browser, url: str, folder: Path) -> None:
    """Writes all of them into `folder`; the bridge at `url` has the demo and nobody in it."""
    for name, look in LOOKS.items():
        context = await browser.new_context(**look)
        others = await (await browser.new_context()).new_page()
        page = await context.new_page()
        await play(page, others, url)
        await page.screenshot(path=folder / name)
        await others.context.close()
        await context.close()


async def play(page: Page, others: Page, url: str) -> None:
    """A chat of three, and who is there shown in full where there is room for it."""
    console = await ConsolePage.load(page, url)
    await console.connect()
    await console.send('<join name="ada"/>')
    await others.goto(url)
    await others.evaluate(JOIN, ["bob", "eve"])
    await expect(console.entries.last).to_contain_text("eve")
    for _ in range(PINGS):
        await console.send("<ping/>")
        await expect(console.entries.last).to_contain_text("<pong/>")
    await others.evaluate(SAY, "Good evening")
    for text in SAID:
        await console.send(text)
    await console.has_received('<said from="bob">Good evening</said>')
    await expect(console.sent.last).to_contain_text("refused")
    await console.send("<who/>")
    await expect(console.sent.last).to_contain_text("accepted")
    if page.viewport_size and page.viewport_size["width"] > 700:
        await console.read("<people>")
    await page.mouse.move(0, 0)
    await console.message.fill("<say>hello</say>")

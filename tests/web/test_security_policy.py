"""What the bridge's own security headers do in a browser: its pages work, and nothing else does."""

import pytest
from playwright.async_api import Page, Route, expect

from tests.support.bridge import RunningBridge
from tests.web.console_page import ConsolePage

pytestmark = pytest.mark.asyncio(loop_scope="module")

ELSEWHERE = "http://elsewhere.example/"
WATCH = """
    window.violations = [];
    addEventListener("securitypolicyviolation", (event) =>
        window.violations.push(event.effectiveDirective));
"""
INJECTED = """
    <script>window.injected = true</script>
    <img src="nothing" onerror="window.injected = true">
    <style>body { display: none }</style>
    <base href="https://evil.example/">
    <script src="https://evil.example/evil.js"></script>
"""


async def violations(page: Page) -> list[str]:
    """The directives that were broken so far."""
    found: list[str] = await page.evaluate("window.violations")
    return found


@pytest.mark.parametrize("transport", ["WebSocket", "Long-polling"])
async def test_the_console_breaks_no_rule_of_its_policy(
    bridge: RunningBridge, page: Page, transport: str
) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    await page.add_init_script(WATCH)
    console = await ConsolePage.load(page, bridge.url)
    await console.connect(transport)
    await console.send("<ping/>")
    await console.has_received("<pong/>")
    assert await violations(page) == []
    assert complaints == []


async def test_the_doctor_breaks_no_rule_of_its_policy(bridge: RunningBridge, page: Page) -> None:
    await page.add_init_script(WATCH)
    await page.goto(f"{bridge.url}doctor")
    await expect(
        page.get_by_role("list", name="Findings").get_by_role("listitem").first
    ).to_be_visible()
    assert await violations(page) == []


async def test_what_is_injected_into_a_page_does_not_run(bridge: RunningBridge, page: Page) -> None:
    async def inject(route: Route) -> None:
        response = await route.fetch()
        body = (await response.text()).replace("<main>", f"{INJECTED}<main>")
        await route.fulfill(response=response, body=body)

    await page.route(bridge.url, inject)
    await page.add_init_script(WATCH)
    console = await ConsolePage.load(page, bridge.url)
    await console.connect()
    assert await page.evaluate("window.injected") is None
    broken = set(await violations(page))
    assert broken >= {"script-src-elem", "script-src-attr", "style-src-elem", "base-uri"}


@pytest.mark.parametrize(
    "attempt", ["eval('1')", "new Function('1')", "document.body.innerHTML = '<img>'"]
)
async def test_text_is_not_made_into_a_script(
    bridge: RunningBridge, page: Page, attempt: str
) -> None:
    await page.goto(bridge.url)
    # Out of the call of the test's own, which the policy does not bind.
    tried = f"try {{ {attempt}; done(false) }} catch {{ done(true) }}"
    refused = f"new Promise((done) => setTimeout(() => {{ {tried} }}))"
    assert await page.evaluate(refused)


async def test_a_page_of_the_bridge_is_shown_in_no_other_page(
    bridge: RunningBridge, page: Page
) -> None:
    await stand_elsewhere(page, f'<iframe src="{bridge.url}"></iframe>')
    frame = page.frames[1]
    await frame.wait_for_load_state()
    assert not frame.url.startswith(bridge.url)


async def test_an_isolated_page_of_another_origin_may_load_the_scripts(
    bridge: RunningBridge, page: Page
) -> None:
    loaded = f'<script src="{bridge.url}ruffle.js" onload="window.loaded = true"></script>'
    imported = f'import {{ XMLSocket }} from "{bridge.url}xmlsocket.js";'
    module = f'<script type="module">{imported} window.imported = new XMLSocket();</script>'
    await stand_elsewhere(page, loaded + module)
    await page.wait_for_function("window.loaded && window.imported.state")


async def stand_elsewhere(page: Page, body: str) -> None:
    """Loads a page of another origin that wants isolation (COEP)."""

    async def fulfill(route: Route) -> None:
        headers = {"Cross-Origin-Embedder-Policy": "require-corp"}
        await route.fulfill(content_type="text/html", headers=headers, body=body)

    await page.route(ELSEWHERE, fulfill)
    await page.goto(ELSEWHERE)

"""Pages with Ruffle, and what becomes of them by one script of the bridge."""

from itertools import permutations
from typing import Any, Final

import pytest
from playwright.async_api import Page, Route

from tests.ruffle.conftest import TOKEN
from tests.ruffle.movie import CONFIGURATION, OPTIONS, Movie, page_with, script
from tests.ruffle.site import Site
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client
from tests.support.daemon import ScriptedDaemon
from tests.web.pages import demand

pytestmark = pytest.mark.asyncio(loop_scope="module")

RUFFLE: Final = script("/ruffle/ruffle.js")
KINDS: Final = ("the bridge's script", "Ruffle", "the configuration")

OWN: Final = {"host": "game.example.com", "port": 9339, "proxyUrl": "wss://own.example.com/"}
OTHER: Final = {"host": "other.example.com", "port": 1, "proxyUrl": "wss://other.example.com/"}
CONFIGURED: Final = {
    "a new object": "window.RufflePlayer = { config: { menu: false, socketProxy: [OWN] } };",
    "a new configuration": "RufflePlayer.config = { menu: false, socketProxy: [OWN] };",
    "members": "RufflePlayer.config.menu = false; RufflePlayer.config.socketProxy = [OWN];",
    "merged": "RufflePlayer.config = { ...RufflePlayer.config, menu: false, socketProxy: [OWN] };",
    "a variable": "var RufflePlayer = { config: { menu: false, socketProxy: [OWN] } };",
    "frozen": "RufflePlayer.config = Object.freeze({ menu: false, socketProxy: [OWN] });",
}


def tags(bridge: RunningBridge) -> dict[str, str]:
    """A page's scripts by what they are."""
    mine = script(bridge.url + "ruffle.js")
    return dict(zip(KINDS, (mine, RUFFLE, CONFIGURATION), strict=True))


async def play(site: Site, page: Page, *scripts: str) -> Movie:
    """Loads a page with these scripts and a movie."""
    site.pages["page"] = page_with("avm1.swf", scripts)
    return await Movie.start(page, site.url + "page")


async def plain_page(site: Site, page: Page, *scripts: str) -> None:
    """Loads a page without Ruffle."""
    site.pages["plain"] = "<!doctype html><title>Plain</title>" + "".join(scripts)
    await page.goto(site.url + "plain")


async def read_proxies(page: Page) -> list[dict[str, Any]]:
    """What Ruffle would read."""
    proxies: list[dict[str, Any]] = await page.evaluate("RufflePlayer.config.socketProxy")
    return proxies


def sockets_of(bridge: RunningBridge) -> str:
    """Its address for WebSockets."""
    return bridge.url.replace("http", "ws", 1)


def inline(code: str) -> str:
    """A script that a page has in itself."""
    return f"<script>{{ const OWN = {OWN}; {code} }}</script>"


@pytest.mark.parametrize("order", list(permutations(KINDS)), ids=", ".join)
async def test_scripts_may_stand_in_any_order(
    site: Site, bridge: RunningBridge, page: Page, daemon: ScriptedDaemon, order: tuple[str, ...]
) -> None:
    movie = await play(site, page, *(tags(bridge)[kind] for kind in order))
    await movie.connect("game.example.com", 9339)
    assert await movie.told(1) == [["connect", True]]
    await daemon.accepted()


@pytest.mark.parametrize("name", CONFIGURED)
async def test_the_pages_own_configuration_stays_and_its_proxies_come_first(
    site: Site, bridge: RunningBridge, page: Page, name: str
) -> None:
    """Whether it was there before the bridge's script or comes after it."""
    own, mine = inline(CONFIGURED[name]), tags(bridge)[KINDS[0]]
    for scripts in ([inline("window.RufflePlayer = { config: {} };"), own, mine], [mine, own]):
        await plain_page(site, page, *scripts)
        proxies = await read_proxies(page)
        assert (proxies[0], len(proxies)) == (OWN, 6), scripts
        assert await page.evaluate("RufflePlayer.config.menu") is False


async def test_proxies_lead_to_the_host_that_the_script_came_from(
    site: Site, bridge: RunningBridge, page: Page
) -> None:
    await plain_page(site, page, tags(bridge)[KINDS[0]])
    url = f"{sockets_of(bridge)}v1/daemons/down/raw"
    entry = {"host": "down.example.com", "port": 9339, "proxyUrl": url}
    assert entry in await read_proxies(page)


async def test_a_page_may_have_the_scripts_of_two_bridges(
    site: Site, bridge: RunningBridge, page: Page
) -> None:
    """Here the second is the same bridge by another name."""
    other = bridge.url.replace("127.0.0.1", "localhost")
    late = inline("RufflePlayer.config = { socketProxy: [OWN] };")
    await plain_page(site, page, *(script(url + "ruffle.js") for url in (bridge.url, other)), late)
    urls = [proxy["proxyUrl"] for proxy in await read_proxies(page)]
    assert urls[0] == OWN["proxyUrl"]
    for host in ("//127.0.0.1:", "//localhost:"):
        assert sum(host in url for url in urls) == 5, urls


async def test_a_module_is_told_that_it_must_be_none(
    site: Site, bridge: RunningBridge, page: Page
) -> None:
    async with page.expect_console_message(lambda message: message.type == "error") as told:
        await plain_page(site, page, f'<script type="module" src="{bridge.url}ruffle.js"></script>')
    assert "not as a module" in (await told.value).text


async def test_the_console_says_which_hosts_and_ports_are_served(
    site: Site, bridge: RunningBridge, page: Page
) -> None:
    async with page.expect_console_message(lambda message: message.type == "info") as told:
        await plain_page(site, page, tags(bridge)[KINDS[0]])
    text = (await told.value).text
    assert "game.example.com:9339, localhost:9339, members.example.com:9339" in text


async def test_the_console_warns_where_no_movie_would_be_served(
    start_bridge: StartBridge, site: Site, page: Page
) -> None:
    bridge = start_bridge({"daemons": {"demo": {"embedded": "chat", "aliases": ["lobby"]}}})
    async with page.expect_console_message(lambda message: message.type == "warning") as told:
        await plain_page(site, page, tags(bridge)[KINDS[0]])
    assert "no daemon has an alias that is host:port" in (await told.value).text


async def test_a_page_of_the_bridges_own_host_needs_no_origins(
    site: Site, bridge: RunningBridge, page: Page, daemon: ScriptedDaemon
) -> None:
    scripts = [CONFIGURATION, script("ruffle.js"), script(site.url + "ruffle/ruffle.js")]
    html = page_with(site.url + "avm1.swf", scripts)

    async def answer(route: Route) -> None:
        await route.fulfill(body=html, content_type="text/html")

    await page.route(bridge.url + "page", answer)
    movie = await Movie.start(page, bridge.url + "page")
    await movie.connect("own.example.com", 9339)
    assert await movie.told(1) == [["connect", True]]
    await daemon.accepted()


async def test_a_page_that_may_not_connect_sees_an_end_and_the_log_says_why(
    site: Site, bridge: RunningBridge, page: Page
) -> None:
    movie = await play(site, page, *tags(bridge).values())
    await movie.connect("own.example.com", 9339)
    assert await movie.told(2) == [["connect", True], ["close", None]]
    line = await bridge.logged("code=origin-denied")
    assert "path=/games/v1/daemons/own/" in line
    assert f"origin={site.url.rstrip('/')}" in line


async def test_a_movie_shows_no_token_by_itself(
    site: Site, bridge: RunningBridge, page: Page
) -> None:
    """So a daemon with `auth` is closed to it, which the log says."""
    movie = await play(site, page, *tags(bridge).values())
    await movie.connect("members.example.com", 9339)
    assert await movie.told(2) == [["connect", True], ["close", None]]
    await bridge.logged("code=unauthenticated")


@pytest.mark.parametrize("token", [f"'{TOKEN}'", f"async () => '{TOKEN}'"])
async def test_a_page_may_have_a_token_for_its_movies(
    site: Site, bridge: RunningBridge, page: Page, daemon: ScriptedDaemon, token: str
) -> None:
    """As it is, or from a function."""
    own = inline(f"window.XMLSocketBridge = {{ token: {token} }};")
    movie = await play(site, page, own, *tags(bridge).values())
    daemon.echo()
    await movie.connect("members.example.com", 9339)
    await movie.say("<in/>")
    assert await movie.heard(1) == ["<in/>"]


async def test_a_page_with_a_ticket_opens_the_daemon_to_its_movie(
    site: Site, bridge: RunningBridge, page: Page, daemon: ScriptedDaemon
) -> None:
    """By an entry of its own, which comes before the script's."""
    async with Client(bridge.url) as client:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = await client.request("POST", "v1/tickets", headers=headers)
    url = f"{sockets_of(bridge)}v1/daemons/members/raw?ticket={answer.json()['ticket']}"
    entry = f'{{ host: "members.example.com", port: 9339, proxyUrl: "{url}" }}'
    own = inline(f"window.RufflePlayer = {{ config: {{ {OPTIONS}, socketProxy: [{entry}] }} }};")
    movie = await play(site, page, own, script(bridge.url + "ruffle.js"), RUFFLE)
    daemon.echo()
    await movie.connect("members.example.com", 9339)
    await movie.say("<in/>")
    assert await movie.heard(1) == ["<in/>"]


@pytest.mark.parametrize(
    ("scripts", "transport"),
    [("", "websocket"), ("ruffle.js", "websocket-raw")],
    ids=["all that the script loads", "the script alone"],
)
async def test_a_strict_page_allows_the_scripts_and_the_socket_and_no_more(
    site: Site,
    bridge: RunningBridge,
    page: Page,
    daemon: ScriptedDaemon,
    scripts: str,
    transport: str,
) -> None:
    """Besides what Ruffle takes, eval for `ExternalInterface` included, and this page's own. Where
    it allows the script alone, the movie talks by the browser's own socket."""
    n_before = len(bridge.lines_with("session opened"))
    policy = (
        "default-src 'none'; style-src 'unsafe-inline';"
        f"script-src 'self' 'unsafe-inline' 'unsafe-eval' {bridge.url}{scripts};"
        f"connect-src 'self' {sockets_of(bridge)}v1/daemons/"
    )
    await demand(page, site.url + "page", policy)
    movie = await play(site, page, *tags(bridge).values())
    await movie.connect("game.example.com", 9339)
    assert await movie.told(1) == [["connect", True]]
    await daemon.accepted()
    await bridge.logged("session opened", times=n_before + 1)
    assert f"transport={transport}" in bridge.lines_with("session opened")[-1].split()

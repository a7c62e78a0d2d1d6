"""Movies with an XMLSocket, of ActionScript 2 and 3, played by Ruffle in Chromium."""

from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.ruffle.movie import Movie, started
from tests.ruffle.site import Site
from tests.support.bridge import RunningBridge
from tests.support.daemon import ScriptedDaemon

pytestmark = pytest.mark.asyncio(loop_scope="module")

GAME: Final = ("game.example.com", 9339)
HORSES: Final = "<say>žluťoučký kůň, 小马 🐎</say>"


RAW: Final = 'data-transport="raw"'


@pytest_asyncio.fixture(
    loop_scope="module", params=[("avm1", ""), ("avm2", ""), ("avm2", RAW)], ids=" ".join
)
async def movie(
    request: pytest.FixtureRequest, site: Site, bridge: RunningBridge, page: Page
) -> Movie:
    """A movie of each kind, and one whose sockets are the browser's own."""
    name, attributes = request.param
    return await started(name, site, bridge.url, page, attributes=attributes)


async def test_text_of_any_language_comes_back_as_it_was_sent(
    movie: Movie, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    await movie.connect(*GAME)
    await movie.say(HORSES)
    assert await movie.heard(1) == [HORSES]
    await (await daemon.accepted()).received_messages(HORSES.encode())


async def test_documents_come_by_on_xml(
    site: Site, bridge: RunningBridge, page: Page, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    movie = await started("avm1-xml", site, bridge.url, page)
    await movie.connect(*GAME)
    await movie.say(HORSES, "<b/>")
    assert await movie.heard(2) == [HORSES, "<b />"]


async def test_a_message_of_300_kb_comes_back_whole(movie: Movie, daemon: ScriptedDaemon) -> None:
    long = f"<say>{'a🐎ů' * 43_000}</say>"
    assert len(long.encode()) > 300_000
    daemon.echo()
    await movie.connect(*GAME)
    await movie.say(long)
    assert await movie.heard(1) == [long]


async def test_a_burst_of_1000_messages_each_way_loses_none_and_keeps_the_order(
    movie: Movie, daemon: ScriptedDaemon
) -> None:
    burst = [f"<n>{number}</n>" for number in range(1000)]
    daemon.echo()
    await movie.connect(*GAME)
    await movie.say(*burst)
    assert await movie.heard(1000) == burst


async def test_a_message_may_come_in_pieces(movie: Movie, daemon: ScriptedDaemon) -> None:
    """One of them ends within a character."""
    await movie.connect(*GAME)
    connection = await daemon.accepted()
    await connection.send(bytes([byte]) for byte in HORSES.encode() + b"\0")
    assert await movie.heard(1) == [HORSES]


async def test_the_movie_hears_the_last_words_of_its_daemon_before_the_end(
    movie: Movie, daemon: ScriptedDaemon
) -> None:
    daemon.say_goodbye(b"<full/>", b"<bye/>")
    await movie.connect(*GAME)
    assert await movie.told(4) == [
        ["connect", True],
        ["data", "<full/>"],
        ["data", "<bye/>"],
        ["close", None],
    ]


async def test_a_movie_whose_page_is_closed_ends_its_session(
    movie: Movie, daemon: ScriptedDaemon, bridge: RunningBridge, page: Page
) -> None:
    n_before = len(bridge.lines_with("code=client-closed"))
    daemon.echo()
    await movie.connect(*GAME)
    await movie.say("<hello/>")
    await movie.heard(1)
    await page.close()
    assert await (await daemon.accepted()).ended() == b"<hello/>\0"
    await bridge.logged("code=client-closed", times=n_before + 1)


async def test_a_movie_that_closes_its_socket_ends_the_session(
    movie: Movie, daemon: ScriptedDaemon, bridge: RunningBridge
) -> None:
    n_before = len(bridge.lines_with("code=client-closed"))
    await movie.connect(*GAME)
    connection = await daemon.accepted()
    await movie.hang_up()
    await connection.ended()
    await bridge.logged("code=client-closed", times=n_before + 1)


async def test_a_movie_is_told_that_its_daemon_is_down(movie: Movie, bridge: RunningBridge) -> None:
    """As Ruffle does it: connected at first, closed then."""
    await movie.connect("down.example.com", 9339)
    assert await movie.told(2) == [["connect", True], ["close", None]]
    await bridge.logged("daemon-unreachable")


async def test_a_movie_can_connect_again_when_its_daemon_has_restarted(
    movie: Movie, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    await movie.connect(*GAME)
    await movie.say("<once/>")
    await movie.heard(1)
    (await daemon.accepted()).reset()
    assert (await movie.told(3))[2:] == [["close", None]]
    await movie.connect(*GAME)
    await movie.say("<again/>")
    assert (await movie.told(5))[3:] == [["connect", True], ["data", "<again/>"]]


async def test_what_is_no_alias_fails_at_once(movie: Movie) -> None:
    await movie.connect("Game.example.com", 9339)
    assert await movie.told(1) == [["connect", False]]


async def test_no_host_is_localhost_to_a_movie_that_was_fetched_by_an_address(
    site: Site, bridge: RunningBridge, page: Page, daemon: ScriptedDaemon
) -> None:
    """In ActionScript 2; Ruffle 0.6.0 has an error there for 3."""
    movie = await started("avm1", site, bridge.url, page)
    await movie.connect(None, 9339)
    assert await movie.told(1) == [["connect", True]]
    await daemon.accepted()

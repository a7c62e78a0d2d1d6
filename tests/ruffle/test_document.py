"""What docs/ruffle.md tells a newcomer to write: it is written so, and a movie talks."""

import re
import socket

import pytest
import yaml
from playwright.async_api import Page

from tests.ruffle.movie import CONFIGURATION, RECORD, Movie
from tests.ruffle.site import Site
from tests.support.bridge import REPOSITORY, StartBridge
from tests.support.daemon import ScriptedDaemon
from tests.support.nginx import edited

pytestmark = pytest.mark.asyncio(loop_scope="module")

DOCUMENT = (REPOSITORY / "docs" / "ruffle.md").read_text()


def block(language: str) -> str:
    """The first block of this kind in the document."""
    found = re.search(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
    assert found, language
    return found[1]


async def test_one_script_tag_and_four_lines_of_yaml_make_a_movie_talk(
    site: Site,
    start_bridge: StartBridge,
    daemon_socket: socket.socket,
    daemon: ScriptedDaemon,
    page: Page,
) -> None:
    lines, html = block("yaml"), block("html")
    assert (lines.count("\n"), html.count("bridge.example.com")) == (4, 1)
    address = f"127.0.0.1:{daemon_socket.getsockname()[1]}"
    mine = {"10.0.0.5:9339": address, "https://play.example.com": site.url.rstrip("/")}
    bridge = start_bridge({"daemons": yaml.safe_load(edited(lines, mine))})
    mine = {"https://bridge.example.com/": bridge.url, "game.swf": "avm1.swf"}
    # What the page had before: Ruffle's options, and how its movie talks with it.
    before = f"<script>{RECORD}</script>{CONFIGURATION}"
    site.pages["page"] = before + edited(html, {**mine, "<object": '<object id="movie"'})
    movie = await Movie.start(page, site.url + "page")
    daemon.echo()
    await movie.connect("game.example.com", 9339)
    await movie.say("<hello/>")
    assert await movie.heard(1) == ["<hello/>"]

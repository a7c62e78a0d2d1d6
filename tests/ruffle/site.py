"""The web site that a movie is on: its pages, the movies, and Ruffle as npm has it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from aiohttp import web

FOLDER: Final = Path(__file__).parent
RUFFLE: Final = FOLDER / "node_modules" / "@ruffle-rs" / "ruffle"
FLASH: Final = "application/x-shockwave-flash"


class Site:
    """`url` ends with a slash; `pages` are served by their names."""

    def __init__(self, movies: Mapping[str, bytes]) -> None:
        self.url = ""
        self.pages: dict[str, str] = {}
        self._movies = movies

    async def page(self, request: web.Request) -> web.Response:
        """HTML, or 204 for what browsers ask for by themselves."""
        text = self.pages.get(request.match_info["name"])
        return web.Response(status=200 if text else 204, text=text, content_type="text/html")

    async def movie(self, request: web.Request) -> web.Response:
        """An SWF."""
        return web.Response(body=self._movies[request.match_info["name"]], content_type=FLASH)


@asynccontextmanager
async def serving(movies: Mapping[str, bytes]) -> AsyncIterator[Site]:
    """A site with these movies by their names, at a free port of loopback."""
    assert RUFFLE.exists(), "these tests need Ruffle, which tests/install installs"
    site = Site(movies)
    application = web.Application()
    application.on_response_prepare.append(allow_any_origin)
    application.router.add_static("/ruffle", RUFFLE)
    application.router.add_get("/{name}.swf", site.movie)
    application.router.add_get("/{name}", site.page)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    site.url = f"http://{host}:{port}/"
    yield site
    await runner.cleanup()


async def allow_any_origin(_: web.Request, response: web.StreamResponse) -> None:
    """So that pages of other sites may have Ruffle from here."""
    response.headers["Access-Control-Allow-Origin"] = "*"

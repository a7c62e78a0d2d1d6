"""A site with movies, the bridge that they reach their daemon by, and a browser."""

import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Mapping

import pytest
import pytest_asyncio

from tests.ruffle.avm1 import avm1_movie
from tests.ruffle.site import FOLDER, Site, serving
from tests.support.bridge import RunningBridge, StartBridge
from tests.web.conftest import browser, daemon, open_page, page

__all__ = ["browser", "daemon", "open_page", "page"]

TOKEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="session")
def movies(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """`avm1` is ActionScript 2 with `onData`, `avm1-xml` with `onXML`; `avm2` is ActionScript 3."""
    assert shutil.which("haxe"), "these tests need Haxe, which tests/install installs"
    path = tmp_path_factory.mktemp("movies") / "avm2.swf"
    compiler = ["haxe", "--class-path", str(FOLDER), "--main", "Movie", "--swf-version", "11"]
    subprocess.run([*compiler, "--swf", str(path)], check=True, timeout=50)
    return {
        "avm1": avm1_movie(as_xml=False),
        "avm1-xml": avm1_movie(as_xml=True),
        "avm2": path.read_bytes(),
    }


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(movies: Mapping[str, bytes]) -> AsyncIterator[Site]:
    async with serving(movies) as site:
        yield site


@pytest.fixture(scope="module")
def bridge(
    start_bridge: StartBridge, daemon_socket: socket.socket, dead_port: int, site: Site
) -> RunningBridge:
    """`game`, `members` and `own` lead to the scripted daemon, `down` to nobody. Pages of the site
    may connect, but not to `own`; `members` wants a token."""
    address = f"127.0.0.1:{daemon_socket.getsockname()[1]}"
    reached: dict[str, dict[str, object]] = {
        "game": {"address": address, "aliases": ["game.example.com:9339", "localhost:9339"]},
        "members": {"address": address, "auth": {"tokens": {"ada": TOKEN}}},
        "down": {"address": f"127.0.0.1:{dead_port}"},
    }
    for name, keys in reached.items():
        keys.setdefault("aliases", [f"{name}.example.com:9339"])
        keys["origins"] = [site.url.rstrip("/")]
    own = {"address": address, "aliases": ["own.example.com:9339"]}
    return start_bridge({"base_path": "/games/", "daemons": {**reached, "own": own}})

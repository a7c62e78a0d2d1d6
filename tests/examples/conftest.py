"""The examples' pages beside a bridge with the embedded chat, and a browser."""

import mimetypes
import socket
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Page, Route

from tests.support.bridge import REPOSITORY, RunningBridge, StartBridge
from tests.web.conftest import browser, open_page, page
from tests.web.pages import OpenPage

__all__ = ["browser", "open_page", "page"]

EXAMPLES: Final = REPOSITORY / "docs" / "examples"
MODULES: Final = Path(__file__).parent / "react" / "node_modules"

ShowExample = Callable[[str], Awaitable[Page]]


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge) -> RunningBridge:
    """As it is shipped, but `demo` is also what the movie connected to."""
    demo = {"embedded": "chat", "aliases": ["game.example.com:9339"]}
    return start_bridge({"daemons": {"demo": demo}})


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page in React, built as docs/examples/README.md says, with what npm installed."""
    esbuild = MODULES / ".bin" / "esbuild"
    assert esbuild.exists(), "these tests need esbuild and React, which tests/install installs"
    made = tmp_path_factory.mktemp("react") / "main.js"
    options = ["--bundle", "--format=esm", "--external:/xmlsocket.js", "--log-level=warning"]
    source = EXAMPLES / "react" / "main.jsx"
    subprocess.run(
        [esbuild, source, *options, "--jsx=automatic", f"--outfile={made}"],
        env={"NODE_PATH": str(MODULES)},
        check=True,
        timeout=50,
    )
    return made


@pytest.fixture
def show(open_page: OpenPage, bridge: RunningBridge, bundle: Path) -> ShowExample:
    """Opens an example's page, by its path, on the bridge's own host."""

    async def serve(route: Route) -> None:
        path = route.request.url.removeprefix(f"{bridge.url}examples/")
        file = bundle if path == "react/main.js" else EXAMPLES / path
        kind, _ = mimetypes.guess_type(file.name)
        await route.fulfill(body=file.read_bytes(), content_type=f"{kind}; charset=utf-8")

    async def show(path: str) -> Page:
        page = await open_page()
        await page.route(f"{bridge.url}examples/**", serve)
        await page.goto(f"{bridge.url}examples/{path}")
        return page

    return show


@pytest.fixture
def daemon_socket_address(daemon_socket: socket.socket) -> str:
    """Where the scripted daemon listens."""
    return f"127.0.0.1:{daemon_socket.getsockname()[1]}"

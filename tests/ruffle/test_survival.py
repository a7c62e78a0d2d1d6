"""Movies behind nginx and a bad network: no message is lost or comes twice, and none notices."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.ruffle.flow import PERIOD_S, flowing
from tests.ruffle.movie import Movie, started
from tests.ruffle.site import Site
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.daemon import ScriptedDaemon
from tests.support.nginx import RunningNginx
from tests.web.cable import Cable, WebSockets

pytestmark = pytest.mark.asyncio(loop_scope="module")

GAME: Final = ("game.example.com", 9339)
A_WHILE: Final = 20
"""Periods of the flow: a second."""
CUT_S: Final = 20
ATTACHED: Final = "transport=long-poll after="
"""Of the log's line when a session has come to long-polling from another transport."""


@pytest.fixture(scope="module")
def bridge_socket(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("s") / "bridge"


@pytest.fixture(scope="module")
def bridge(
    start_bridge: StartBridge, daemon_socket: socket.socket, bridge_socket: Path, site: Site
) -> RunningBridge:
    """One with the four lines that docs/ruffle.md asks for."""
    game = {
        "address": f"127.0.0.1:{daemon_socket.getsockname()[1]}",
        "aliases": ["game.example.com:9339"],
        "origins": [site.url.rstrip("/")],
    }
    return start_bridge({"listen": f"unix:{bridge_socket}", "daemons": {"game": game}})


@pytest.fixture(scope="module")
def nginx(
    bridge: RunningBridge, bridge_socket: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningNginx]:
    with RunningNginx(tmp_path_factory.mktemp("nginx"), bridge_socket) as nginx:
        yield nginx


@pytest_asyncio.fixture(loop_scope="module")
async def cable(nginx: RunningNginx) -> AsyncIterator[Cable]:
    """The network between the page and nginx."""
    async with Cable(f"http://127.0.0.1:{nginx.plain_port}/") as cable:
        yield cable


@pytest_asyncio.fixture(loop_scope="module", params=["avm1", "avm2"])
async def movie(request: pytest.FixtureRequest, site: Site, cable: Cable, page: Page) -> Movie:
    return await started(request.param, site, cable.url, page)


async def test_nginx_is_stopped_and_started_again(
    movie: Movie, daemon: ScriptedDaemon, nginx: RunningNginx
) -> None:
    async with flowing(movie, daemon, *GAME) as flow:
        await flow.goes_on(A_WHILE)
        await asyncio.to_thread(nginx.break_off)
        n_bytes = len(flow.connection.data)
        await flow.goes_on(A_WHILE)
        assert len(flow.connection.data) == n_bytes
        await asyncio.to_thread(nginx.start)
        await flow.goes_on(A_WHILE)
        await flow.arrives()
    assert len(daemon.connections) == 1


@pytest.mark.timeout(120)
@pytest.mark.parametrize("movie", ["avm1"], indirect=True)
async def test_the_network_is_cut_for_20_seconds(
    movie: Movie, daemon: ScriptedDaemon, cable: Cable
) -> None:
    async with flowing(movie, daemon, *GAME) as flow:
        await flow.goes_on(A_WHILE)
        cable.unplug()
        await flow.goes_on(A_WHILE)
        n_bytes = len(flow.connection.data)
        for _ in range(CUT_S):
            await flow.goes_on(round(1 / PERIOD_S))
        assert len(flow.connection.data) == n_bytes
        cable.is_plugged = True
        await flow.connection.received(n_bytes + 1)
        await flow.arrives()
    assert len(daemon.connections) == 1


async def test_websockets_are_blocked_from_the_start(
    movie: Movie, daemon: ScriptedDaemon, cable: Cable, bridge: RunningBridge
) -> None:
    cable.websockets = WebSockets.REFUSED
    async with flowing(movie, daemon, *GAME) as flow:
        await flow.goes_on(A_WHILE)
        await flow.arrives()
    assert "transport=long-poll" in bridge.lines_with("session opened")[-1]


async def test_websockets_are_blocked_in_the_middle(
    movie: Movie, daemon: ScriptedDaemon, cable: Cable, bridge: RunningBridge
) -> None:
    n_before = len(bridge.lines_with(ATTACHED))
    async with flowing(movie, daemon, *GAME) as flow:
        await flow.goes_on(A_WHILE)
        cable.websockets = WebSockets.REFUSED
        cable.cut()
        await flow.goes_on(A_WHILE)
        await bridge.logged(ATTACHED, times=n_before + 1)
        await flow.goes_on(A_WHILE)
        await flow.arrives()
    assert len(daemon.connections) == 1

"""Users who log in elsewhere: nginx asks with `auth_request`, as docs/auth.md has it, and hands the
name on."""

import re
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import web
from websockets.exceptions import InvalidStatus

from tests.nginx.way import Way, plain_way
from tests.support.bridge import REPOSITORY, RunningBridge, StartBridge
from tests.support.daemon import ScriptedDaemon
from tests.support.nginx import RunningNginx
from tests.support.sockets import V1

COOKIE = {"Cookie": "login=ada"}
OPENING = "/v1/daemons/demo/sessions"
EVERYWHERE = "    location / {\n        include xmlsocket-bridge/location.conf;\n    }\n"


def documented(login_port: int) -> str:
    """The block of docs/auth.md, for a login on this port; elsewhere the header is set to nothing,
    as the text behind it says."""
    text = (REPOSITORY / "docs/auth.md").read_text()
    found = re.search(r"```nginx\n(location /v1/daemons/ .*?)```", text, re.DOTALL)
    assert found is not None, "docs/auth.md has no such block"
    block = found[1].replace("login.internal", f"127.0.0.1:{login_port}")
    return block + EVERYWHERE.replace("{\n", '{\n        proxy_set_header X-User "";\n', 1)


class NginxWithLogin(RunningNginx):
    """In its plain server whoever comes to a daemon has to be logged in."""

    def __init__(self, folder: Path, bridge_socket: Path, login_port: int) -> None:
        super().__init__(folder, bridge_socket)
        self._login_port = login_port

    def _install(self) -> None:
        super()._install()
        site = self.folder / "xmlsocket-bridge" / "site.conf"
        site.write_text(site.read_text().replace(EVERYWHERE, documented(self._login_port), 1))


@pytest.fixture(scope="module")
def login_socket() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


@pytest.fixture
async def login(login_socket: socket.socket) -> AsyncIterator[None]:
    """Knows one user, by a cookie."""

    async def check(request: web.Request) -> web.Response:
        if request.cookies.get("login") != "ada":
            return web.Response(status=401)
        return web.Response(status=204, headers={"X-User": "ada"})

    application = web.Application()
    application.router.add_get("/check", check)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.SockSite(runner, login_socket.dup()).start()
    yield
    await runner.cleanup()


@pytest.fixture(scope="module")
def bridge_socket(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("s") / "bridge"


@pytest.fixture(scope="module")
def bridge(
    start_bridge: StartBridge, daemon_socket: socket.socket, bridge_socket: Path
) -> RunningBridge:
    address = f"127.0.0.1:{daemon_socket.getsockname()[1]}"
    return start_bridge(
        {
            "listen": f"unix:{bridge_socket}",
            "trusted_proxies": ["unix"],
            "auth": {"user_header": "X-User"},
            "daemons": {"demo": {"address": address}},
        }
    )


@pytest.fixture(scope="module")
def way(
    bridge: RunningBridge,
    bridge_socket: Path,
    login_socket: socket.socket,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Way]:
    port = login_socket.getsockname()[1]
    with NginxWithLogin(tmp_path_factory.mktemp("nginx"), bridge_socket, port) as nginx:
        yield plain_way(nginx)


@pytest.mark.usefixtures("login", "daemon")
async def test_who_is_not_logged_in_reaches_no_daemon(way: Way) -> None:
    assert (await way.http.post(OPENING)).status == 401
    with pytest.raises(InvalidStatus, match="401"):
        async with way.websocket("/v1/daemons/demo/websocket", V1):
            pass


@pytest.mark.usefixtures("login")
async def test_the_session_knows_who_has_logged_in(
    way: Way, bridge: RunningBridge, daemon: ScriptedDaemon
) -> None:
    answer = await way.http.post(OPENING, headers=COOKIE)
    assert answer.status == 201, answer
    await bridge.logged(
        f"session opened id={answer.json()['id']} daemon=demo transport=long-poll user=ada"
    )


@pytest.mark.usefixtures("login", "daemon")
@pytest.mark.parametrize("path", [OPENING, "/v1/tickets"])
async def test_the_word_of_a_client_about_itself_is_worth_nothing(way: Way, path: str) -> None:
    assert (await way.http.post(path, headers={"X-User": "eve"})).status == 401


@pytest.mark.usefixtures("login", "daemon")
async def test_the_header_of_one_who_is_logged_in_is_replaced(
    way: Way, bridge: RunningBridge
) -> None:
    answer = await way.http.post(OPENING, headers={**COOKIE, "X-User": "eve"})
    assert answer.status == 201, answer
    await bridge.logged(f"id={answer.json()['id']} daemon=demo transport=long-poll user=ada")

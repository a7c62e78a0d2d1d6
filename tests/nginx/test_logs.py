"""What nginx writes down: paths and statuses, but no key and nothing that may hold one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.nginx.way import Session, Way, plain_way, tls_way
from tests.support.daemon import ScriptedDaemon
from tests.support.nginx import RunningNginx


async def use_key_in_every_place(session: Session) -> None:
    """In each header that may carry it, in a query, and as a subprotocol."""
    http, path = session.way.http, session.path
    (await session.send("first=1", b"<a/>\0")).empty()
    await http.get(f"{path}/messages?ack=0", {"XMLSocket-Key": session.key})
    page = {"Referer": f"https://page.example/?key={session.key}"}
    async with http.stream(f"{path}/events?key={session.key}", page):
        pass
    async with session.way.resumable(f"{path}/websocket?ack=0", f"key.{session.key}"):
        pass


@pytest.mark.parametrize("choose_way", [plain_way, tls_way])
async def test_neither_key_nor_query_is_logged(
    choose_way: Callable[[RunningNginx], Way],
    bridge_socket: Path,
    daemon: ScriptedDaemon,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with RunningNginx(tmp_path_factory.mktemp("nginx"), bridge_socket) as nginx:
        session = await choose_way(nginx).open()
        await use_key_in_every_place(session)
    paths = [line.split('"')[1].split()[1] for line in nginx.access_log.splitlines()]
    uses = [f"{session.path}/{name}" for name in ("events", "messages", "messages", "websocket")]
    assert sorted(paths) == ["/v1/daemons/demo/sessions", *uses]
    assert "?" not in nginx.access_log
    assert "page.example" not in nginx.access_log
    assert session.key not in nginx.access_log + nginx.error_log


@pytest.fixture
def nginx_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNginx]:
    """Behind it there is no bridge."""
    folder = tmp_path_factory.mktemp("nginx")
    with RunningNginx(folder, folder / "nobody") as nginx:
        yield nginx


async def test_a_key_is_not_logged_either_when_the_bridge_is_away(
    nginx_alone: RunningNginx,
) -> None:
    for way in (plain_way(nginx_alone), tls_way(nginx_alone)):
        session = Session(way, "a-1", "k" * 22)
        assert (await way.http.get(f"{session.path}/events?key={session.key}")).status == 502
        assert (await session.receive("ack=0")).status == 502
    nginx_alone.stop()
    assert nginx_alone.access_log.count("/v1/sessions/a-1/events HTTP/") == 2
    # The failures of other requests are told, so that the operator learns the cause.
    assert "/v1/sessions/a-1/messages?ack=0" in nginx_alone.error_log
    assert session.key not in nginx_alone.access_log + nginx_alone.error_log


@pytest.mark.parametrize("daemon", ["demo", "a%2Fb"])
async def test_a_ticket_is_not_logged_when_the_bridge_is_away(
    nginx_alone: RunningNginx, daemon: str
) -> None:
    http = plain_way(nginx_alone).http
    path = f"/v1/daemons/{daemon}"
    for kind in ("sessions", "exchange"):
        assert (await http.post(f"{path}/{kind}?ticket=secret")).status == 502
    for kind in ("websocket", "raw"):
        assert (await http.get(f"{path}/{kind}?ticket=secret")).status == 502
    nginx_alone.stop()
    assert nginx_alone.access_log.count(" 502 ") == 4
    assert "secret" not in nginx_alone.access_log + nginx_alone.error_log

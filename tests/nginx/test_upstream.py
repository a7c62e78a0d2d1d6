"""What nginx does to requests on their way to the bridge, and what when the bridge fails."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest

from tests.nginx.way import Way, plain_way
from tests.support.nginx import RunningNginx

NO_CONTENT = b"HTTP/1.1 204 No Content\r\nXMLSocket-Ack: 1\r\n\r\n"


class Upstream:
    """In the bridge's place: remembers the heads of all requests, which may have no body.

    Answers `answers` requests a connection and drops the connection at the next.
    """

    def __init__(self, answers: int) -> None:
        self.answers = answers
        self.heads: list[list[str]] = []
        self.transports: list[asyncio.Transport] = []


class UpstreamConnection(asyncio.Protocol):
    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream
        self._answers_left = upstream.answers
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._upstream.transports.append(self._transport)

    def data_received(self, data: bytes) -> None:
        *heads, self._data = (self._data + data).split(b"\r\n\r\n")
        for head in heads:
            self._upstream.heads.append(head.decode("latin-1").split("\r\n"))
            self._answer()

    def _answer(self) -> None:
        if self._answers_left:
            self._transport.write(NO_CONTENT)
        else:
            self._transport.close()
        self._answers_left -= 1


@asynccontextmanager
async def serving(path: Path, *, answers: int) -> AsyncIterator[Upstream]:
    upstream = Upstream(answers)
    loop = asyncio.get_running_loop()
    async with await loop.create_unix_server(lambda: UpstreamConnection(upstream), path):
        yield upstream
        for transport in upstream.transports:
            transport.abort()


@pytest.fixture
def upstream_socket(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("s") / "upstream"


@pytest.fixture
def nginx(
    upstream_socket: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningNginx]:
    with RunningNginx(tmp_path_factory.mktemp("nginx"), upstream_socket) as nginx:
        yield nginx


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("answers", [0, 1], ids=["new connection", "kept connection"])
async def test_a_request_that_fails_is_not_sent_again(
    way: Way, upstream_socket: Path, answers: int, method: str
) -> None:
    async with serving(upstream_socket, answers=answers) as upstream:
        for status in [204] * answers + [502]:
            answer = await getattr(way.http, method)("/v1/sessions/a-1/messages")
            assert answer.status == status
    assert len(upstream.heads) == answers + 1


async def test_connections_to_the_bridge_are_kept(way: Way, upstream_socket: Path) -> None:
    async with serving(upstream_socket, answers=3) as upstream:
        for _ in range(3):
            (await way.http.get("/v1/daemons")).empty()
    assert len(upstream.transports) == 1


async def test_the_bridge_learns_the_clients_origin_and_address(
    way: Way, upstream_socket: Path
) -> None:
    forged = {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Host": "x", "Forwarded": "for=x"}
    async with serving(upstream_socket, answers=1) as upstream:
        await way.http.get("/v1/daemons", forged)
    scheme, _, authority = way.http.origin.partition("://")
    expected = {
        f"Host: {authority}",
        f"X-Forwarded-Host: {authority}",
        f"X-Forwarded-Proto: {scheme}",
        "X-Forwarded-For: 127.0.0.1",
    }
    ((_, *headers),) = upstream.heads
    assert {
        line for line in headers if line.lower().startswith(("host", "x-f", "forw"))
    } == expected


@pytest.mark.parametrize("name", ["a%3A1", "a%2Fb", "a//b", "%C3%A9"])
async def test_a_path_reaches_the_bridge_as_it_was_sent(
    way: Way, upstream_socket: Path, name: str
) -> None:
    async with serving(upstream_socket, answers=1) as upstream:
        await way.http.post(f"/v1/daemons/{name}/sessions?x=%20")
    assert upstream.heads[0][0] == f"POST /v1/daemons/{name}/sessions?x=%20 HTTP/1.1"


async def test_only_a_websocket_is_an_upgrade(nginx: RunningNginx, upstream_socket: Path) -> None:
    upgrade = {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAA"}
    async with serving(upstream_socket, answers=1) as upstream:
        await plain_way(nginx).http.get("/v1/daemons", upgrade)
    names = {line.partition(":")[0].lower() for line in upstream.heads[0]}
    assert not names & {"connection", "upgrade"}

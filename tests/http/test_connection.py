"""A connection that is to be closed ends, also where its client takes nothing more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bridge.http import connection
from bridge.http.connection import Connection, our_connections
from tests.support.deadline import within_deadline
from tests.support.narrow import narrow_client

ANSWER = b"x" * 60_000
"""More than the kernel takes of it for a narrow client, and less than aiohttp waits for."""
IDLE_S = 0.2


async def answer(request: web.Request) -> web.Response:
    return web.Response(body=ANSWER)


@asynccontextmanager
async def served() -> AsyncIterator[tuple[str, asyncio.Event]]:
    """A server of such answers: its URL, and what is set when a connection is lost."""
    lost = asyncio.Event()

    class Watched(Connection):
        __slots__ = ()

        def connection_lost(self, exc: BaseException | None) -> None:
            super().connection_lost(exc)
            lost.set()

    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app, keepalive_timeout=IDLE_S)
    await runner.setup()
    assert runner.server is not None
    make = our_connections(runner.server)

    def make_watched() -> web.RequestHandler:
        protocol = make()
        protocol.__class__ = Watched
        return protocol

    listening = await asyncio.get_running_loop().create_server(make_watched, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}", lost
    finally:
        listening.close()
        await runner.cleanup()


@pytest.mark.parametrize("wish", ["close", "keep-alive"], ids=["at once", "when it is idle"])
async def test_a_client_that_takes_nothing_more_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, wish: str
) -> None:
    monkeypatch.setattr(connection, "LINGER_S", IDLE_S)
    async with served() as (url, lost), narrow_client(url) as client:
        await client.send(f"GET / HTTP/1.1\r\nHost: a\r\nConnection: {wish}\r\n\r\n".encode())
        async with within_deadline("the end of the connection"):
            await lost.wait()
        assert len(await client.all_there_is()) < len(ANSWER)


async def test_a_client_that_takes_its_time_gets_all() -> None:
    async with served() as (url, _), narrow_client(url) as client:
        await client.send(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert (await client.all_there_is()).endswith(ANSWER)

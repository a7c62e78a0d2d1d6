"""An Engine.IO server (protocol version 4, polling alone) that sends each message back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

from aiohttp import web

SEPARATOR = "\x1e"
OPEN, CLOSE, PING, PONG, MESSAGE, NOOP = "012346"


class EchoServer:
    """Its sessions; `pongs` and `closes` count the packets of these types."""

    def __init__(self, max_payload: int) -> None:
        self.pongs = 0
        self.closes = 0
        self.longest_body = 0
        self._max_payload = max_payload
        self._ids = map(str, count(1))
        self._packets: dict[str, asyncio.Queue[str]] = {}

    async def poll(self, request: web.Request) -> web.Response:
        """GET: opens a session, or waits for its packets."""
        if "sid" not in request.query:
            return web.json_response(text=OPEN + self._open(next(self._ids)))
        queue = self._packets[request.query["sid"]]
        packets = [await queue.get()]
        while not queue.empty():
            packets.append(queue.get_nowait())
        return web.Response(text=SEPARATOR.join(packets))

    async def post(self, request: web.Request) -> web.Response:
        """POST: packets of the client."""
        body = await request.text()
        self.longest_body = max(self.longest_body, len(body))
        queue = self._packets[request.query["sid"]]
        for packet in body.split(SEPARATOR):
            self.pongs += packet == PONG
            if packet == CLOSE:
                self.closes += 1
                queue.put_nowait(NOOP)  # whoever polls is let go
            if packet.startswith(MESSAGE):
                queue.put_nowait(packet)
        return web.Response(text="ok")

    def _open(self, sid: str) -> str:
        self._packets[sid] = asyncio.Queue()
        self._packets[sid].put_nowait(PING)
        return f'{{"sid":"{sid}","upgrades":[],"maxPayload":{self._max_payload}}}'


@asynccontextmanager
async def echo_server(max_payload: int) -> AsyncIterator[tuple[EchoServer, int]]:
    """One that runs, and its port."""
    server = EchoServer(max_payload)
    app = web.Application()
    app.router.add_get("/engine.io/", server.poll)
    app.router.add_post("/engine.io/", server.post)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield server, int(runner.addresses[0][1])
    finally:
        await runner.cleanup()

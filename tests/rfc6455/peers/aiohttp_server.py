"""Echoes each message, by the WebSocket server of aiohttp. Prints its port."""

import asyncio
import sys

from aiohttp import WSMsgType, web

NORMAL = 1000
"""Answers a Close frame without a code (0 in aiohttp's words), for it cannot send one itself."""


async def echo(request: web.Request) -> web.WebSocketResponse:
    """The Close frame of the client is answered with its own code."""
    socket = web.WebSocketResponse(max_msg_size=0, compress=False, autoclose=False)
    await socket.prepare(request)
    while not socket.closed:
        message = await socket.receive()
        match message.type:
            case WSMsgType.TEXT:
                await socket.send_str(message.data)
            case WSMsgType.BINARY:
                await socket.send_bytes(message.data)
            case WSMsgType.CLOSE:
                await socket.close(code=message.data or NORMAL)
    return socket


async def serve() -> None:
    """Until it is ended from outside."""
    app = web.Application()
    app.router.add_get("/", echo)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


asyncio.run(serve())

"""What the doctor measures the way to the bridge with: an echo, a stream written piece by piece, a
silence. None of it reaches a daemon or a session, so anybody may ask, a few at a time.
"""

import asyncio
import json
from contextlib import AbstractContextManager
from typing import Final

from aiohttp import web

from bridge import __version__
from bridge.config import Config
from bridge.http.answer import Answer
from bridge.http.bodies import json_answer
from bridge.http.client_address import client_of
from bridge.http.delivery import cut_off_when_late
from bridge.http.echo_socket import MAX_ECHO_BYTES, EchoSocket, too_long
from bridge.http.parameters import seconds
from bridge.http.places import Places
from bridge.http.takeover import Takeover, check_handshake
from bridge.http.upload import too_late
from bridge.loop.turns import Turns

MAX_AT_A_TIME: Final = 100
"""Visits, of all clients together."""
MAX_OF_ONE: Final = 20
"""Of one client: an examination takes three, and many users may be behind one address."""
MAX_QUIET_S: Final = 300.0
"""How long a silence may be asked for."""
PIECES: Final = 96
PIECE_BYTES: Final = 1 << 10
PIECE_S: Final = 0.015
"""Between two pieces of the stream: 96 KB in a second and a half."""


class Doctor:
    """`/v1/doctor` and what lies below it."""

    def __init__(self, config: Config, turns: Turns) -> None:
        self._terms = {
            "version": __version__,
            "heartbeat_s": config.heartbeat_s,
            "wait_s": config.wait_s,
            "max_quiet_s": MAX_QUIET_S,
        }
        self._takeover = Takeover(MAX_QUIET_S, turns)
        self._echoes = set[EchoSocket]()
        self._places = Places(MAX_AT_A_TIME, MAX_OF_ONE)
        self._body_timeout_s = config.body_timeout_s

    async def terms(self, request: web.Request) -> Answer:
        """`GET`: 200 with what the measurements are judged by."""
        return json_answer(self._terms)

    async def echo(self, request: web.Request) -> Answer:
        """`POST`: 200 with the body. Raises `Problem` `body-too-big` or `request-timeout`."""
        with self._visit(request):
            try:
                async with asyncio.timeout(self._body_timeout_s):
                    body = await short_body(request)
            except TimeoutError:
                raise too_late(self._body_timeout_s) from None
            return Answer(body=body, content_type="application/octet-stream")

    async def quiet(self, request: web.Request) -> Answer:
        """`GET ?s=N`: 204 after so many seconds of silence. Raises `Problem` `bad-parameter`."""
        with self._visit(request):
            await asyncio.sleep(seconds(request, "s", default=0, most=MAX_QUIET_S))
            return Answer(204)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """`GET`: 200 and `PIECES` events of `PIECE_BYTES` each, with the milliseconds from the
        first to each. Who does not take them is cut off after the time that a body has."""
        with self._visit(request):
            response = web.StreamResponse(headers={"X-Accel-Buffering": "no"})
            response.content_type = "text/event-stream"
            await response.prepare(request)
            with cut_off_when_late(request):
                async with asyncio.timeout(self._body_timeout_s):
                    await write_pieces(response)
            return response

    async def websocket(self, request: web.Request) -> web.StreamResponse:
        """A WebSocket that says everything again and speaks first in nothing. Raises `Problem`
        `bad-handshake`."""
        check_handshake(request)
        owner = client_of(request).owner
        self._places.take(owner)
        echo = EchoSocket(self._echoes, lambda: self._places.leave(owner))
        return self._takeover.run(request, echo, None)

    async def stop(self) -> None:
        """Close what is open, and wait until it is closed."""
        for echo in list(self._echoes):
            echo.close()
        await self._takeover.closed()

    def _visit(self, request: web.Request) -> AbstractContextManager[None]:
        return self._places.taken(client_of(request).owner)


async def short_body(request: web.Request) -> bytes:
    """All of it. Raises `Problem` `body-too-big`."""
    if (request.content_length or 0) > MAX_ECHO_BYTES:
        raise too_long()
    body = await request.content.read(MAX_ECHO_BYTES + 1)
    while len(body) <= MAX_ECHO_BYTES and (more := await request.content.readany()):
        body += more
    if len(body) > MAX_ECHO_BYTES:
        raise too_long()
    return body


async def write_pieces(response: web.StreamResponse) -> None:
    """All of them, and the end."""
    loop = asyncio.get_running_loop()
    began_at = loop.time()
    for number in range(PIECES):
        await response.write(piece(number, loop.time() - began_at))
        await asyncio.sleep(PIECE_S)
    await response.write_eof()


def piece(number: int, after_s: float) -> bytes:
    """One event of the stream."""
    told = json.dumps({"piece": number, "after_ms": round(after_s * 1000, 1)})
    event = f"data: {told}\n: "
    return f"{event}{'.' * (PIECE_BYTES - len(event) - 2)}\n\n".encode()

"""The down log as `text/event-stream`, for EventSource (WHATWG HTML, section 9.2).

EventSource cannot acknowledge. So the stream ends when the log is full; EventSource comes back with
`Last-Event-ID`, and that acknowledges.
"""

import asyncio
import json
from typing import Final

from aiohttp import web

from bridge.config import Config
from bridge.errors import End
from bridge.http.bodies import not_text
from bridge.http.delivery import cut_off_when_late
from bridge.http.gate import Gate
from bridge.http.parameters import integer, parse_integer
from bridge.protocol.down_log import Batch
from bridge.protocol.framing import split
from bridge.tunnel.session import Session

HEARTBEAT: Final = b":\n\n"

WRITE_BYTES: Final = 1 << 14
"""A slow client has twice `heartbeat_s` for so much: 0.5 KB/s with the default."""


class StreamReceiver:
    """Gathers events for the handler, which writes them as fast as the client reads."""

    transport_name = "event-stream"

    def __init__(self) -> None:
        self.over = False
        self._events: list[bytes] = []
        self._is_writing = False
        self._happened = asyncio.Event()

    @property
    def ready(self) -> bool:
        """What has been gathered is written before more is taken."""
        return not self._events and not self._is_writing

    def deliver(self, batch: Batch) -> None:
        """One event for each message."""
        for number, message in enumerate(split(batch.data), batch.first):
            self._gather(message_event(number, message))

    def displaced(self) -> None:
        """A newer receiver took over."""
        self.over = True
        self._gather(event("displaced", {}))

    def ended(self, end: End) -> bool:
        """The session is over."""
        self.over = True
        self._gather(event("close", end.members))
        return True

    def log_full(self) -> None:
        """Nothing more will come: the stream ends, be it that it waits."""
        self._happened.set()

    def daemon_ready(self) -> None:
        """Nothing waits here for the daemon."""

    async def wait(self, timeout_s: float) -> bytes:
        """The next events, or a heartbeat when none came in time."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._happened.wait()
        except TimeoutError:
            return HEARTBEAT
        self._happened.clear()
        self._is_writing = True
        events, self._events = self._events, []
        return b"".join(events)

    def written(self) -> None:
        """They have been; more may be taken."""
        self._is_writing = False

    def _gather(self, text: bytes) -> None:
        self._events.append(text)
        self._happened.set()


class EventStream:
    """`GET /v1/sessions/{id}/events`."""

    def __init__(self, gate: Gate, config: Config) -> None:
        self._gate = gate
        self._config = config

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """200 and events until the session ends, another receiver comes, or the log is full."""
        session = self._gate.session(request, key_in_query=True)
        with session.request():
            ack = last_event_id(request)
            if ack is not None:
                session.core.down.check(ack)
            if not session.daemon.guard.is_text:
                raise not_text(session.daemon)
            response = web.StreamResponse(headers={"X-Accel-Buffering": "no"})
            response.content_type = "text/event-stream"
            await response.prepare(request)
            await response.write(HEARTBEAT)  # aiohttp keeps the head back until there is a body
            with cut_off_when_late(request):
                await self._run(session, ack, response)
                async with self._in_time():
                    await response.write_eof()
            return response

    async def _run(self, session: Session, ack: int | None, response: web.StreamResponse) -> None:
        down = session.core.down
        receiver = StreamReceiver()
        after = down.acknowledged if ack is None else max(ack, down.acknowledged)
        session.attach(receiver, after)
        try:
            while not (receiver.over and receiver.ready):
                await self._write(response, await receiver.wait(self._config.heartbeat_s))
                receiver.written()
                session.push()
                if receiver.ready and session.log_is_full and session.receiver is receiver:
                    return
        finally:
            session.detach(receiver)

    async def _write(self, response: web.StreamResponse, events: bytes) -> None:
        """Write as fast as the client reads; one that reads nothing is given up."""
        for start in range(0, len(events), WRITE_BYTES):
            async with self._in_time():
                await response.write(events[start : start + WRITE_BYTES])

    def _in_time(self) -> asyncio.Timeout:
        return asyncio.timeout(2 * self._config.heartbeat_s)


def last_event_id(request: web.Request) -> int | None:
    """What the client has: `Last-Event-ID`, unless it is empty, else `ack`. Raises
    `bad-parameter`."""
    ack = integer(request, "ack")
    last = request.headers.get("Last-Event-ID")
    return parse_integer("Last-Event-ID", last) if last else ack


def event(name: str, data: object) -> bytes:
    """A named event."""
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()


def message_event(number: int, message: bytes) -> bytes:
    """A message: its number as `id`, its text as a JSON string, which holds no line break."""
    text = json.dumps(message.decode(), ensure_ascii=False)
    return f"id: {number}\ndata: {text}\n\n".encode()

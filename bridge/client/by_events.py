"""Carries a session by event stream, beside requests that send and acknowledge."""

import asyncio
import json
from functools import partial
from typing import Final

import aiohttp

from bridge.client.carried import Carried, first_outcome
from bridge.client.endpoint import read, tellable
from bridge.client.errors import Garbled
from bridge.client.event_reader import EventReader, StreamEvent
from bridge.client.outcome import Ended, Lost, Outcome
from bridge.client.reply import judge, read_reply
from bridge.client.sender import Sender, learn, until_room
from bridge.client.session import Session
from bridge.client.v1 import end_in

ACK_AFTER_S: Final = 1.0
ACK_AFTER_BYTES: Final = 1 << 17
"""An event stream acknowledges nothing by itself; the bridge would end it when its log is full."""


async def carry_by_events(carried: Carried, session: Session) -> Outcome:
    """Until a stream or request fails, or the session ends."""
    events = Events(carried, session)
    sender = Sender(carried, session, events)
    outcome = await first_outcome(events.receive(), sender.send(), events.acknowledge())
    if isinstance(outcome, Ended):
        # A stream does not say how many messages were accepted.
        learn(carried, session, await carried.endpoint.receive(session, 0))
    return outcome


class Events:
    """Receives by event stream."""

    def __init__(self, carried: Carried, session: Session) -> None:
        self._carried = carried
        self._session = session
        self._acked = session.ack
        self._acked_bytes = session.received_bytes
        self.is_working = False

    async def receive(self) -> Outcome:
        """Until a stream breaks. One that the bridge ends, since its log is full, is taken up
        again, which acknowledges. Raises `Garbled` or `Missing`."""
        while True:
            await until_room(self._carried, self._session)
            before = self._session.received
            try:
                outcome = await self._stream()
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                return Lost(self.is_working, cause=tellable(error))
            if outcome is not None or self._session.received == before:
                return outcome or Lost(self.is_working)

    async def acknowledge(self) -> Outcome:
        """By requests of its own: a little later, or when much has come."""
        session, changes = self._session, self._carried.changes
        while True:
            await changes.until(lambda: session.ack > self._acked)
            due_bytes = self._acked_bytes + ACK_AFTER_BYTES
            await changes.within(ACK_AFTER_S, partial(has_received, session, due_bytes))
            self._acked, self._acked_bytes = session.ack, session.received_bytes
            reply = await self._carried.endpoint.send(session, None)
            if reply.ack is None:
                return judge(reply, worked=self.is_working)

    async def _stream(self) -> Outcome | None:
        """One stream; `None` when it has come to its end, but the session has not."""
        limit_s = self._carried.options.open_timeout_s
        async with (
            asyncio.timeout(limit_s) as limit,
            self._carried.endpoint.events(self._session) as response,
        ):
            if response.status != 200 or response.content_type != "text/event-stream":
                body = await read(response, limit)
                reply = read_reply(response.status, response.headers, body)
                return judge(reply, worked=self.is_working)
            return await self._read(response, limit)

    async def _read(
        self, response: aiohttp.ClientResponse, limit: asyncio.Timeout
    ) -> Outcome | None:
        reader = EventReader()
        loop = asyncio.get_running_loop()
        async for piece in response.content.iter_any():
            # The bridge says something every `heartbeat_s`, and at the start.
            limit.reschedule(loop.time() + 2 * self._session.opening.heartbeat_s)
            self._hear()
            for event in reader.feed(piece):
                outcome = self._take(event)
                if outcome is not None:
                    return outcome
            self._carried.changes.notify()
        return None

    def _hear(self) -> None:
        self._carried.heard()
        if not self.is_working:
            self.is_working = True
            self._carried.works("event-stream")

    def _take(self, event: StreamEvent) -> Outcome | None:
        match event.name:
            case "close":
                return end_in(json_in(event))
            case "displaced":
                return Lost(worked=True)
        text = json_in(event)
        if event.number is None or not isinstance(text, str):
            raise Garbled("an event that is no message")
        self._session.receive(event.number, text.encode() + b"\0")
        return None


def has_received(session: Session, n_bytes: int) -> bool:
    """Whether so many bytes have come down in all."""
    return session.received_bytes >= n_bytes


def json_in(event: StreamEvent) -> object:
    """An event's data."""
    try:
        found: object = json.loads(event.data)
    except (ValueError, RecursionError):
        raise Garbled("an event whose data is no JSON") from None
    return found

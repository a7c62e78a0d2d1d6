"""Carries a session by HTTP requests: one that receives, a poll or an event stream, and one at a
time that sends.

All can be repeated safely. A receive says what has arrived, so the bridge gives the rest again; a
send says its first number, so the bridge skips what it has. Any request that fails therefore just
ends the attempt, and the next one does the same over again.
"""

import asyncio
import json
from functools import partial
from typing import Final, Protocol

import aiohttp

from bridge.client.carried import Carried, Wish, first_outcome
from bridge.client.endpoint import read
from bridge.client.errors import Garbled
from bridge.client.event_reader import EventReader, StreamEvent
from bridge.client.outcome import LEFT, Ended, Lost, Outcome
from bridge.client.reply import Reply, judge, read_reply
from bridge.client.session import Session
from bridge.client.v1 import end_in, refusal_in
from bridge.protocol.down_log import Batch

SLOW_PAUSE_S: Final = 1.0
"""How long to leave a daemon alone that does not read, when the bridge did not say."""
ACK_AFTER_S: Final = 1.0
ACK_AFTER_BYTES: Final = 1 << 17
"""An event stream acknowledges nothing by itself; the bridge would end it when its log is full."""
SIGNS_TO_RESUME: Final = 3
"""So many signs of life while no message is asked for, within the time that a session is kept."""


async def carry_by_polls(carried: Carried, session: Session) -> Outcome:
    """Until a request fails, or the session ends."""
    polls = Polls(carried, session)
    return await first_outcome(polls.receive(), Sender(carried, session, polls).send())


async def carry_by_events(carried: Carried, session: Session) -> Outcome:
    """The same, with an event stream to receive by."""
    events = Events(carried, session)
    sender = Sender(carried, session, events)
    outcome = await first_outcome(events.receive(), sender.send(), events.acknowledge())
    if isinstance(outcome, Ended):
        # A stream does not say how many messages were accepted.
        learn(carried, session, await carried.endpoint.receive(session, 0))
    return outcome


class Receiving(Protocol):
    """Whoever receives beside a sender; `is_working` once something has come."""

    is_working: bool


class Sender:
    """Sends what waits in the outbox, one request at a time."""

    def __init__(self, carried: Carried, session: Session, beside: Receiving) -> None:
        self._carried = carried
        self._session = session
        self._beside = beside
        session.outbox.resume()

    async def send(self) -> Outcome:
        """Until a request fails, or the connection is to be left. Raises `Missing`."""
        carried, outbox = self._carried, self._session.outbox
        while carried.wish is not Wish.LEAVE:
            if batch := outbox.take():
                outcome = await self._send(batch)
                if outcome is not None:
                    return outcome
            elif carried.wish is Wish.END:
                break
            else:
                await carried.changes.until(
                    lambda: outbox.is_ready or carried.wish is not Wish.CARRY
                )
        return LEFT

    async def _send(self, batch: Batch) -> Outcome | None:
        reply = await self._carried.endpoint.send(self._session, batch)
        is_refused = self._settle(reply)
        if is_refused or (reply.status == 204 and reply.ack is not None):
            return None
        match reply.code:
            case "slow-daemon":
                await self._pause(reply.retry_after_s or SLOW_PAUSE_S)
            case "ended":
                # What the daemon sent before is still to be received, and then the reason.
                await asyncio.get_running_loop().create_future()
            case _:
                return judge(reply, worked=self._beside.is_working)
        return None

    def _settle(self, reply: Reply) -> bool:
        """Take what was accepted, and return whether a message was refused; the rest is to be sent
        again."""
        outbox = self._session.outbox
        learn(self._carried, self._session, reply)
        refusal = refusal_in(reply.document)
        if refusal is not None:
            outbox.acknowledge(refusal.number)
            if self._session.refuse(refusal):
                self._carried.refused(refusal)
        outbox.resume()
        self._carried.changes.notify()
        return refusal is not None

    async def _pause(self, seconds: float) -> None:
        await self._carried.changes.within(seconds, lambda: self._carried.wish is not Wish.CARRY)


class Polls:
    """Receives by long-poll."""

    def __init__(self, carried: Carried, session: Session) -> None:
        self._carried = carried
        self._session = session
        self.is_working = False

    async def receive(self) -> Outcome:
        """Until a poll fails. Raises `Missing`."""
        # The first one comes back at once: it shows whether requests get through at all.
        wait_s = 0.0
        while True:
            await room(self._carried, self._session)
            reply = await self._carried.endpoint.receive(self._session, wait_s)
            learn(self._carried, self._session, reply)
            if not reply.has_arrived:
                return judge(reply, worked=self.is_working)
            self.is_working = True
            if reply.first is not None:
                self._session.receive(reply.first, reply.body)
                self._carried.changes.notify()
            self._carried.works("long-poll")
            wait_s = self._session.opening.wait_s


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
            await room(self._carried, self._session)
            before = self._session.received
            try:
                outcome = await self._stream()
            except (aiohttp.ClientError, OSError, TimeoutError):
                return Lost(self.is_working)
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


async def room(carried: Carried, session: Session) -> None:
    """Returns once the program wants more messages; till then the bridge is shown that its client
    lives."""
    every_s = session.opening.resume_s / SIGNS_TO_RESUME
    while not await carried.changes.within(every_s, lambda: session.has_room):
        learn(carried, session, await carried.endpoint.send(session, None))


def learn(carried: Carried, session: Session, reply: Reply) -> None:
    """How many messages were accepted, which each of the bridge's answers tells."""
    if reply.ack is not None:
        carried.heard()
        session.outbox.acknowledge(reply.ack)
        carried.changes.notify()


def json_in(event: StreamEvent) -> object:
    """An event's data."""
    try:
        found: object = json.loads(event.data)
    except (ValueError, RecursionError):
        raise Garbled("an event whose data is no JSON") from None
    return found

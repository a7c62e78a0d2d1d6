"""A client that carries numbered messages both ways by one transport after the other.

Each leg uses one transport until both counts are reached and ends in the middle of things: with a
poll in the air, a stream half read, a socket cut with data unacknowledged.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.support.clients import PATIENTLY_S, Session
from tests.support.daemon import framed
from tests.support.deadline import Changes
from tests.support.sockets import Data, V1Client, attach

BATCH_MESSAGES = 150
BATCH_BYTES = 400_000
WINDOW_BYTES = 262_144  # max_unacked_bytes of the default configuration
ACK_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Goal:
    """How many messages are to have crossed, each way, when a leg ends."""

    up: int
    down: int


@dataclass
class Crossing:
    """`received` holds all down messages so far, `accepted` counts the up messages."""

    session: Session
    up: list[bytes]
    is_text: bool
    received: list[bytes] = field(default_factory=list)
    accepted: int = 0

    def take(self, first: int, messages: list[bytes]) -> None:
        """Keeps what is new. A message that comes again must be the same one, and none is left
        out."""
        for number, message in enumerate(messages, first):
            if number <= len(self.received):
                assert message == self.received[number - 1], f"message {number} has changed"
            else:
                assert number == len(self.received) + 1, f"{number} after {len(self.received)}"
                self.received.append(message)

    def batch(self, after: int, room_bytes: int = BATCH_BYTES) -> list[bytes]:
        """The next up messages that fit; the first one in any case."""
        messages = self.up[after : after + BATCH_MESSAGES]
        size = 0
        for count, message in enumerate(messages):
            size += len(message) + 1
            if count and size > room_bytes:
                return messages[:count]
        return messages

    async def post(self, *, wait: float | None = None) -> None:
        """Sends the next batch, and receives in the same request where `wait` says so."""
        messages = self.batch(self.accepted)
        ack = len(self.received)
        answer = await self.session.send(
            *messages, first=self.accepted + 1, ack=ack if wait else None, wait=wait
        )
        assert answer.status in {200, 204}, answer
        assert answer.ack <= self.accepted + len(messages)
        self.accepted = answer.ack
        if answer.status == 200:
            self.take(answer.first, answer.messages)


Leg = Callable[[Crossing, Goal], Awaitable[None]]


async def both(crossing: Crossing, goal: Goal, receive_on: Callable[[], Awaitable[None]]) -> None:
    """Receives with `receive_on`, step by step, while another task posts."""

    async def send() -> None:
        while crossing.accepted < goal.up:
            await crossing.post()

    async def receive() -> None:
        while len(crossing.received) < goal.down:
            await receive_on()

    async with asyncio.TaskGroup() as group:
        group.create_task(send())
        group.create_task(receive())


async def long_poll(crossing: Crossing, goal: Goal) -> None:
    session = crossing.session

    async def poll() -> None:
        answer = await session.receive(ack=len(crossing.received), wait=PATIENTLY_S)
        assert answer.status in {200, 204}, answer
        if answer.status == 200:
            crossing.take(answer.first, answer.messages)

    await both(crossing, goal, poll)
    # Its answer, if there is one, is lost with it.
    in_the_air = asyncio.ensure_future(session.receive(len(crossing.received), PATIENTLY_S))
    await asyncio.sleep(0)
    in_the_air.cancel()


async def combined(crossing: Crossing, goal: Goal) -> None:
    while crossing.accepted < goal.up or len(crossing.received) < goal.down:
        # Once all has been received there may be nothing to wait for.
        await crossing.post(wait=PATIENTLY_S if len(crossing.received) < goal.down else 0.01)


async def event_stream(crossing: Crossing, goal: Goal) -> None:
    async def stream() -> None:
        """Until the stream ends, as it does when the log is full."""
        async with crossing.session.events(last_event_id=len(crossing.received)) as events:
            while len(crossing.received) < goal.down and (event := await events.next()):
                assert event.name == "message", event
                assert event.number is not None
                crossing.take(event.number, [event.data.encode()])

    await both(crossing, goal, stream)


class SocketLeg:
    """A leg by `xmlsocket.v1`, keeping to the window and acknowledging on the way."""

    def __init__(self, crossing: Crossing, goal: Goal, socket: V1Client) -> None:
        self._crossing = crossing
        self._goal = goal
        self._socket = socket
        self._sent = socket.ack
        self._changes = Changes()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._read()), group.create_task(self._write())]
            await self._changes.until(self._is_done, "the end of a leg by WebSocket")
            for task in tasks:
                task.cancel()

    def _is_done(self) -> bool:
        crossing, goal = self._crossing, self._goal
        return crossing.accepted >= goal.up and len(crossing.received) >= goal.down

    async def _read(self) -> None:
        unacked = 0
        number = self._socket.first
        while True:
            frame = await self._socket.read_frame()
            if isinstance(frame, Data):
                assert frame.is_binary is not self._crossing.is_text
                self._crossing.take(number, frame.messages)
                number += len(frame.messages)
                unacked += len(framed(frame.messages))
            if unacked >= ACK_BYTES:
                unacked = 0
                await self._socket.acknowledge()
            self._crossing.accepted = self._socket.ack
            self._changes.notify()

    async def _write(self) -> None:
        while self._sent < self._goal.up:
            await self._changes.until(lambda: bool(self._next()), "room in the window")
            messages = self._next()
            await self._socket.socket.send(framed(messages), text=self._crossing.is_text)
            self._sent += len(messages)

    def _next(self) -> list[bytes]:
        """What may be sent now: within the window, or one longer message alone."""
        in_flight = len(framed(self._crossing.up[self._socket.ack : self._sent]))
        messages = self._crossing.batch(self._sent, WINDOW_BYTES - in_flight)
        fits = len(framed(messages)) + in_flight <= WINDOW_BYTES
        return messages if fits or not in_flight else []


async def websocket(crossing: Crossing, goal: Goal) -> None:
    socket = await attach(crossing.session, ack=len(crossing.received))
    assert socket.ack >= crossing.accepted, "an accepted message was forgotten"
    crossing.accepted = socket.ack
    try:
        await SocketLeg(crossing, goal, socket).run()
    finally:
        socket.vanish()


LEGS: dict[str, Leg] = {
    "long-poll": long_poll,
    "combined": combined,
    "event-stream": event_stream,
    "websocket": websocket,
}

"""One session's life, seen from the client: it is opened, carried by one connection after another,
over whichever transport gets through, and ended."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from enum import Enum
from typing import Final, NamedTuple

from bridge.client.by_events import carry_by_events
from bridge.client.by_polls import carry_by_polls
from bridge.client.by_websocket import carry_by_websocket
from bridge.client.carried import Carried, Wish, settled
from bridge.client.changes import Changes
from bridge.client.endpoint import OPEN_LIMIT_S, Endpoint
from bridge.client.errors import Garbled, MessageRefused
from bridge.client.opening import Opening
from bridge.client.options import Options
from bridge.client.outcome import CLOSED, LEFT, Ended, Left, Lost, Outcome, because
from bridge.client.reply import judge, refusal
from bridge.client.route import Route, Transport
from bridge.client.sender import learn
from bridge.client.session import Session

STEADY_S: Final = 10.0
"""A connection that held so long was a good one: what breaks it says nothing of the transport."""
LINGER_S: Final = 5.0
"""How long a closed link may go on to deliver what was sent before."""
PARTING_S: Final = 2.0
"""How long the last request may take: without it the bridge gives the session up by itself."""

BY_REQUESTS: Final[dict[str, Callable[[Carried, Session], Awaitable[Outcome]]]] = {
    "event-stream": carry_by_events,
    "long-poll": carry_by_polls,
}


class State(Enum):
    """Of a session, as its program sees it."""

    CONNECTING = "connecting"
    OPEN = "open"
    RESUMING = "resuming"
    """The connection broke, and is being taken up again."""
    CLOSED = "closed"


class Numbers(NamedTuple):
    """Of the latest messages."""

    received: int = 0
    sent: int = 0
    acknowledged: int = 0


class Link:
    """`state`, `transport` (in use, else `None`), `session` and `end` are to be read by others,
    whom `changes` wakes. `heard_at` is when the bridge was last heard, `is_over` that nothing will
    happen any more."""

    def __init__(self, endpoint: Endpoint, options: Options) -> None:
        self._loop = asyncio.get_running_loop()
        self.state = State.CONNECTING
        self.transport: Transport | None = None
        self.session: Session | None = None
        self.end: Ended | None = None
        self.changes: Final = Changes()
        self.heard_at = self._loop.time()
        self.is_over = False
        self._endpoint: Final = endpoint
        self._options: Final = options
        self._route = Route(options.usable_transports, options.return_after_s)
        self._worked_since: float | None = None
        self._stay: asyncio.TimerHandle | None = None
        self._limit: asyncio.Timeout | None = None
        self._carried = Carried(
            endpoint, options, self.changes, self._adopt, self._works, self._heard, self._refused
        )

    def __repr__(self) -> str:
        return f"<Link {self.state.name} {self.transport} {self.session!r} end={self.end}>"

    async def run(self) -> None:
        """Open the session, keep it until it ends, and set `end`. Returns after the last request
        about it. Cancelled, it leaves the session to itself."""
        end = Ended("failed", "the client has failed", failed=True)
        try:
            async with asyncio.timeout(None) as self._limit:
                end = await self._live()
        except TimeoutError:
            end = await self._hang_up()
        finally:
            self.end = self.end or end
            self.is_over = True
            self._become(State.CLOSED, None)

    def close(self) -> None:
        """End the session, after what was sent before has been delivered if that does not take
        long."""
        if self.state is State.CLOSED:
            return
        self.end = CLOSED
        self._carried.wish = Wish.END
        self._become(State.CLOSED, None)
        if self._limit is not None:
            self._limit.reschedule(self._loop.time() + (LINGER_S if self.session else 0))

    async def _live(self) -> Ended:
        pause_s = 0.0
        while True:
            await self.changes.within(pause_s, lambda: self._is_done)
            if self._is_done:
                return await self._hang_up()
            outcome = await self._attempt(self._route.transport)
            if isinstance(outcome, Ended):
                return await self._conclude(outcome)
            if self._is_hopeless:
                return out_of_reach(outcome)
            if self.state is State.OPEN:
                self._become(State.RESUMING, None)
            pause_s = self._route.after(outcome, steady=self._is_steady)

    async def _attempt(self, transport: Transport) -> Outcome:
        if self.session is None and transport != "websocket":
            refused = await self._open_by_request()
            if refused is not None or self._is_done:
                return refused or LEFT
        outcome = await settled(self._carry(transport))
        if self._options.usable_transports != ["websocket"]:
            return outcome
        if isinstance(outcome, Lost) and not outcome.worked:
            return await settled(self._ask_why(outcome))
        return outcome

    async def _carry(self, transport: Transport) -> Outcome:
        self._worked_since = None
        if self._carried.wish is Wish.LEAVE:
            self._carried.wish = Wish.CARRY
        try:
            if self.session is None or transport == "websocket":
                return await carry_by_websocket(self._carried, self.session)
            return await BY_REQUESTS[transport](self._carried, self.session)
        finally:
            if self._stay is not None:
                self._stay.cancel()

    async def _open_by_request(self) -> Ended | None:
        """Open the session by a request, and as long as the bridge is only busy, by another.
        Returns why that did not work out."""
        give_up_at = self._loop.time() + OPEN_LIMIT_S
        while True:
            reply = await self._endpoint.open()
            if reply.status == 201:
                try:
                    self._adopt(Opening.read(reply.document))
                except Garbled:
                    return refusal(reply)
                return None
            pause_s = reply.retry_after_s
            if not pause_s or self._loop.time() + pause_s > give_up_at:
                return refusal(reply)
            await asyncio.sleep(pause_s)

    async def _ask_why(self, outcome: Lost) -> Outcome:
        """A refused handshake does not say why. Where no other transport may find out, a request
        asks."""
        if self.session is not None:
            reply = await self._endpoint.receive(self.session, 0)
            learn(self._carried, self.session, reply)
            return outcome if reply.has_arrived else judge(reply, worked=False)
        detail = f"the bridge can be reached, but not by WebSocket{because(outcome.cause)}"
        why = Ended("websocket-failed", detail, failed=True, cause=outcome.cause)
        return await self._open_by_request() or why

    async def _conclude(self, outcome: Ended) -> Ended:
        # The bridge may see nothing wrong, and would hold the daemon's connection.
        if outcome.failed:
            await self._hang_up()
        return outcome

    async def _hang_up(self) -> Ended:
        if self.session is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(PARTING_S):
                    await self._endpoint.end(self.session)
        return CLOSED

    @property
    def _is_done(self) -> bool:
        """Whether nothing is left to be done for the program."""
        if self._carried.wish is not Wish.END:
            return False
        return self.session is None or self.session.outbox.is_empty

    @property
    def _is_steady(self) -> bool:
        since = self._worked_since
        return since is not None and self._loop.time() - since >= STEADY_S

    @property
    def _is_hopeless(self) -> bool:
        """Whether the bridge has certainly given the session up by now."""
        if self.session is None:
            return False
        opening = self.session.opening
        return self._loop.time() - self.heard_at > opening.resume_s + 2 * opening.heartbeat_s

    def _adopt(self, opening: Opening) -> Session:
        self.session = Session(opening, self._options.max_held_bytes)
        self._route.hurry(opening.resume_s)
        self._heard()
        return self.session

    def _works(self, transport: Transport) -> None:
        if self.state in {State.OPEN, State.CLOSED}:
            return
        self._worked_since = self._loop.time()
        stay_s = self._route.stay_s
        self._stay = None if stay_s is None else self._loop.call_later(stay_s, self._leave)
        self._become(State.OPEN, transport)

    def _leave(self) -> None:
        if self._carried.wish is Wish.CARRY:
            self._carried.wish = Wish.LEAVE
            self.changes.notify()

    def _heard(self) -> None:
        self.heard_at = self._loop.time()

    def _refused(self, refused: MessageRefused) -> None:
        self._options.on_refused(refused)

    def _become(self, state: State, transport: Transport | None) -> None:
        self.state = state
        self.transport = transport
        self.changes.notify()


def out_of_reach(outcome: Lost | Left) -> Ended:
    """How a session ends that was not taken up again in time, after this last trial."""
    cause = outcome.cause if isinstance(outcome, Lost) else None
    detail = f"the bridge was out of reach for too long{because(cause)}"
    return Ended("unreachable", detail, failed=True, cause=cause)

"""Long-poll: `GET` receives, `POST` sends, and with `wait` does both in one round trip.

XEP-0124 (BOSH) is the ancestor; here the numbers are the messages', not the requests', so any
request can be repeated.
"""

import asyncio
from contextlib import aclosing, nullcontext
from typing import Final

from aiohttp import web

from bridge.config import Config
from bridge.errors import End, Problem
from bridge.http.answer import Answer
from bridge.http.bodies import check_media_types, messages_answer
from bridge.http.gate import Gate
from bridge.http.parameters import integer, seconds
from bridge.http.problems import refused
from bridge.http.upload import Upload
from bridge.protocol.down_log import Batch
from bridge.protocol.framing import count
from bridge.protocol.up_log import Refusal
from bridge.tunnel.sending import Outcome, Send
from bridge.tunnel.session import Session

ANSWER_BYTES: Final = 1 << 18
"""An answer of this size goes out, so that a client on a slow line is back, and seen to be alive,
before `resume_s` is over: 5 KB/s with the default."""


class PollReceiver:
    """A receive that is parked until something happens."""

    transport_name = "long-poll"

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.problem: Problem | None = None
        self._bytes = 0
        self._happened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def ready(self) -> bool:
        """Whether the answer may still grow."""
        return self._bytes < ANSWER_BYTES

    def deliver(self, batch: Batch) -> None:
        """Keep it for the answer; more may come before that is written."""
        self.batches.append(batch)
        self._bytes += len(batch.data)
        self._tell()

    def displaced(self) -> None:
        """A newer receive took over."""
        self._fail(displaced())

    def ended(self, end: End) -> bool:
        """The session is over; an answer that holds messages leaves it to the next to say so."""
        self._fail(end.problem)
        return not self.batches

    def log_full(self) -> None:
        """The answer says what there is, and the next request acknowledges it."""

    def daemon_ready(self) -> None:
        """Nothing waits here for the daemon."""

    async def wait(self, wait_s: float) -> None:
        """Return when something has happened, or after `wait_s`."""
        if wait_s and not self._happened.done():
            timer = asyncio.get_running_loop().call_later(wait_s, self._tell)
            try:
                await self._happened
            finally:
                timer.cancel()

    def _fail(self, problem: Problem) -> None:
        self.problem = problem
        self._tell()

    def _tell(self) -> None:
        if not self._happened.done():
            self._happened.set_result(None)


def displaced() -> Problem:
    """The answer to a receive that is not the newest."""
    return Problem("displaced", "a newer receiver took over; nothing was lost")


class LongPoll:
    """`GET` and `POST` on `/v1/sessions/{id}/messages`."""

    def __init__(self, gate: Gate, config: Config) -> None:
        self._gate = gate
        self._config = config

    async def receive(self, request: web.Request) -> Answer:
        """`GET`: 200 with messages, 204 without, 409 `displaced`, 410 after the end."""
        session = self._gate.session(request)
        with session.request():
            ack = integer(request, "ack")
            wait_s = seconds(request, "wait", default=0, most=self._config.wait_s)
            check_ack(session, ack, receives=True)
            check_media_types(request, session.daemon, up=False, down=True)
            return await self._receive(request, session, ack, wait_s)

    async def send(self, request: web.Request) -> Answer:
        """`POST`: 204, or with `wait` what a receive answers."""
        session = self._gate.session(request)
        with session.request():
            first = integer(request, "first", least=1)
            ack = integer(request, "ack")
            wait_s = seconds(request, "wait", default=0, most=self._config.wait_s)
            receives = wait_s > 0
            check_ack(session, ack, receives=receives)
            if first is not None:
                session.core.up.check(first)
            check_media_types(request, session.daemon, up=True, down=receives)
            send = Send(session, receives=receives, ack=ack)
            upload = self._upload(request, session)
            with nullcontext() if upload.is_short else session.sends.admitted():
                outcome = await send_parts(send, first, upload)
            if isinstance(outcome, Refusal):
                raise refused(outcome)
            if receives:
                return await self._receive(request, session, ack, min(wait_s, send.left_s))
            return sent(outcome)

    def _upload(self, request: web.Request, session: Session) -> Upload:
        registry = self._gate.registry
        guard, bodies, turns = session.daemon.guard, registry.bodies, registry.turns
        return Upload(request, self._config, guard, bodies, turns)

    async def _receive(
        self, request: web.Request, session: Session, ack: int | None, wait_s: float
    ) -> Answer:
        after = session.core.down.sent if ack is None else ack
        if after < session.core.down.acknowledged:
            raise displaced()  # a newer receive has acknowledged more while this one was sending
        receiver = PollReceiver()
        session.attach(receiver, after)
        try:
            await receiver.wait(wait_s)
        finally:
            session.detach(receiver)
        if receiver.batches:
            batch = b"".join(batch.data for batch in receiver.batches)
            first, ack = receiver.batches[0].first, session.core.up.accepted
            return messages_answer(request, first, batch, ack)
        if receiver.problem is not None:
            raise receiver.problem
        return Answer(204)


async def send_parts(send: Send, first: int | None, upload: Upload) -> Outcome | Refusal:
    """Send one part after the other, until something stands against it."""
    body = upload.at_hand()
    if body is not None:
        return await send.run(first, body)
    outcome: Outcome | Refusal = Outcome.ACCEPTED
    try:
        async with aclosing(upload.parts()) as parts:
            async for part in parts:
                outcome = await send.run(first, part)
                if outcome is not Outcome.ACCEPTED:
                    break
                if first is not None:
                    first += count(part.batch)
    except Exception:
        await upload.skip_rest()
        raise
    await upload.skip_rest()
    return outcome


def check_ack(session: Session, ack: int | None, *, receives: bool) -> None:
    """Raise `Gap` for an `ack` that cannot be. A send may come late, so a low one is no fault."""
    down = session.core.down
    if ack is not None and (receives or ack > down.sent):
        down.check(ack)


def sent(outcome: Outcome) -> Answer:
    """The answer to a send that does not receive."""
    match outcome:
        case Outcome.ACCEPTED:
            return Answer(204)
        case Outcome.ENDED:
            raise Problem("ended", "the session has ended, the rest was not accepted")
        case Outcome.HELD_UP:
            raise Problem("slow-daemon", "the daemon waits until its messages are received")

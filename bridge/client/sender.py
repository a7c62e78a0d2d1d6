"""Sends by HTTP requests, one at a time, beside whoever receives.

A send says its first number, so the bridge skips what it has, and it can be repeated safely. Any
request that fails therefore just ends the attempt, and the next one does the same over again.
"""

import asyncio
from typing import Final, Protocol

from bridge.client.carried import Carried, Wish
from bridge.client.outcome import LEFT, Outcome
from bridge.client.reply import Reply, judge
from bridge.client.session import Session
from bridge.client.v1 import refusal_in
from bridge.protocol.down_log import Batch

SLOW_PAUSE_S: Final = 1.0
"""How long to leave a daemon alone that does not read, when the bridge did not say."""
SIGNS_TO_RESUME: Final = 3
"""So many signs of life while no message is asked for, within the time that a session is kept."""


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
            case "slow-daemon" | "rate-limited":
                await self._pause(reply.retry_after_s or SLOW_PAUSE_S)
            case "ended":
                # What the daemon sent before is still to be received, and then the reason: whoever
                # receives comes out first, and until it does and this is cancelled, we wait.
                await asyncio.Event().wait()
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
        await self._carried.changes.within(seconds, lambda: self._carried.wish is Wish.LEAVE)


async def until_room(carried: Carried, session: Session) -> None:
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

"""A session: one daemon connection, two numbered logs, at most one attached receiver.

Bytes from the daemon are logged and pushed into the receiver in the same call. Bytes from the
client are checked and written to the daemon in the same call. When one side is slow the other is
paused, for a time; nothing here waits, and nothing is queued without a bound.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from bridge.config import Config
from bridge.errors import ENDS, CloseCode
from bridge.protocol.checks import Fault
from bridge.protocol.framing import ZERO
from bridge.protocol.session_core import SessionCore
from bridge.protocol.up_log import Admitted, Refusal
from bridge.tunnel.budget import Budget
from bridge.tunnel.daemon_connection import DaemonConnection
from bridge.tunnel.deadline import Deadline
from bridge.tunnel.directory import Daemon
from bridge.tunnel.journal import Journal
from bridge.tunnel.receiver import Receiver


class SessionOwner(Protocol):
    """Who keeps the sessions: the registry."""

    def session_ended(self, session: "Session") -> None:
        """It has its close code; its tail may still be wanted."""

    def session_finished(self, session: "Session") -> None:
        """It has ended and nobody can come back for it."""

    def session_flushed(self, session: "Session") -> None:
        """The daemon has got what was accepted, or never will; its connection is gone."""


@dataclass(frozen=True, slots=True)
class Household:
    """What the sessions of one process share."""

    config: Config
    budget: Budget
    journal: Journal
    owner: SessionOwner


class Session:
    """What lies between one client and its connection to one daemon.

    A `resumable` session outlives its receivers, for `resume_s`; another one ends with its socket.
    With `framed=False` the daemon's bytes are not cut into messages.
    """

    def __init__(
        self,
        session_id: str,
        key: str,
        daemon: Daemon,
        household: Household,
        transport_name: str,
        *,
        resumable: bool = True,
        framed: bool = True,
    ) -> None:
        self.id = session_id
        self.key = key
        self.daemon = daemon
        self.core = SessionCore(daemon.guard, framed=framed)
        self.config = household.config
        self.resumable = resumable
        self.receiver: Receiver | None = None
        self.transport_name = transport_name
        self.sending = asyncio.Lock()
        self._budget = household.budget
        self._journal = household.journal
        self._owner = household.owner
        self._opened_at = asyncio.get_running_loop().time()
        self._requests = 0
        self._daemon_is_slow = False
        self._daemon_is_paused = False
        self._changes: list[asyncio.Future[None]] = []
        self._abandoned = Deadline(lambda: self.end(CloseCode.ABANDONED))
        self._slow_client = Deadline(lambda: self.end(CloseCode.SLOW_CLIENT))
        self._slow_daemon = Deadline(lambda: self.end(CloseCode.SLOW_DAEMON))

    def __repr__(self) -> str:
        receiver = self.receiver.transport_name if self.receiver else None
        return f"<Session {self.id} {self.daemon.name} receiver={receiver} {self.core!r}>"

    @property
    def age_s(self) -> float:
        """Seconds since it was opened."""
        return asyncio.get_running_loop().time() - self._opened_at

    @property
    def terms(self) -> dict[str, object]:
        """What the client is told when the session opens."""
        config = self.config
        return {
            "id": self.id,
            "key": self.key,
            "wait_s": config.wait_s,
            "resume_s": config.resume_s,
            "heartbeat_s": config.heartbeat_s,
            "max_message_bytes": config.max_message_bytes,
            "max_unacked_bytes": config.max_unacked_bytes,
        }

    # -- the client receives

    def attach(self, receiver: Receiver, after: int) -> None:
        """Make this the receiver, from message `after + 1` on; the one before is displaced.

        Raises `Gap` where `after` is not between what is acknowledged and what was sent.
        """
        self.core.down.rewind(after)
        displaced, self.receiver = self.receiver, receiver
        if receiver.transport_name != self.transport_name:
            self.transport_name = receiver.transport_name
            self._tell("attached", transport=self.transport_name, after=after)
        self._abandoned.cancel()
        if displaced is not None:
            displaced.displaced()
        self.push()

    def detach(self, receiver: Receiver) -> None:
        """This receiver has gone; harmless where another one has taken over."""
        if self.receiver is receiver:
            self.receiver = None
            self._rest()

    def push(self) -> None:
        """Hand the receiver all that it can take; tell it the end when nothing is left."""
        receiver, down = self.receiver, self.core.down
        if receiver is None:
            return
        while receiver.ready and (batch := down.take()) is not None:
            receiver.deliver(batch)
        code = self.core.code
        if code is not None and not down.unsent and self.receiver is receiver and receiver.ready:
            self.receiver = None
            receiver.ended(code, self.core.detail)
            self._rest()

    def acknowledge(self, number: int) -> None:
        """The client has all down messages to `number`. Raises `Gap` for one never sent."""
        down = self.core.down
        held = down.held_bytes
        down.acknowledge(number)
        self._budget.held_bytes -= held - down.held_bytes
        if self._daemon_is_paused and down.held_bytes <= self.config.log_low_water_bytes:
            self._daemon_is_paused = False
            self._slow_client.cancel()
            self._connection.resume()

    @property
    def log_is_full(self) -> bool:
        """Whether the daemon is not being read because the client lags."""
        return self._daemon_is_paused

    # -- the client sends

    @property
    def writable(self) -> bool:
        """Whether the daemon takes data."""
        return not self._daemon_is_slow

    def send(self, first: int, batch: bytes) -> Admitted:
        """Accept a batch numbered from `first`, up to a refusal, and write it to the daemon.

        Raises `TooFarAhead`. After the end nothing is accepted: ask `core.is_open` before.
        """
        admitted = self.core.up.offer(first, batch)
        if admitted.data:
            self._connection.write(admitted.data)
        if admitted.refusal is not None:
            self._tell_refused(admitted.refusal)
        return admitted

    def send_bytes(self, data: bytes) -> None:
        """Write bytes that are not messages (the raw transport to a daemon of `bytes`)."""
        up = self.core.up
        up.accepted += data.count(ZERO)
        up.accepted_bytes += len(data)
        self._connection.write(data)

    def refuse(self, fault: Fault) -> Refusal:
        """Use up the next up number for a message refused unseen: too big, or no bytes at all."""
        refusal = self.core.up.refuse(fault)
        self._tell_refused(refusal)
        return refusal

    async def changed(self) -> None:
        """Wait until the daemon takes data again, a down message came, or the session ended."""
        change = asyncio.get_running_loop().create_future()
        self._changes.append(change)
        await change

    # -- the session lives

    @contextmanager
    def request(self) -> Iterator[None]:
        """While a request is in progress the session is not abandoned."""
        self._requests += 1
        self._abandoned.cancel()
        try:
            yield
        finally:
            self._requests -= 1
            self._rest()

    def end(self, code: CloseCode, detail: str = "") -> None:
        """End with this code, unless it has ended before. What was accepted is flushed."""
        if not self.core.is_open:
            return
        held = self.core.down.held_bytes
        self.core.end(code, detail or ENDS[code].meaning)
        self._budget.held_bytes -= held - self.core.down.held_bytes
        for deadline in (self._abandoned, self._slow_client, self._slow_daemon):
            deadline.cancel()
        self._connection.finish()
        self._tell_ended()
        self._notify()
        self._owner.session_ended(self)
        self.push()
        self._rest()

    def close(self) -> None:
        """The client wants no more of it: end, or drop the tail of one that has ended."""
        self.end(CloseCode.CLIENT_CLOSED)
        self._drop()
        self.push()

    def forget(self) -> None:
        """Its time is over: whoever is still attached hears the end."""
        self._drop()
        receiver, self.receiver = self.receiver, None
        if receiver is not None and self.core.code is not None:
            receiver.ended(self.core.code, self.core.detail)
        self.core.forget()

    def _drop(self) -> None:
        self._budget.held_bytes -= self.core.down.held_bytes
        self.core.down.drop()

    def _rest(self) -> None:
        """Nobody is attached, perhaps: begin to count the time until it is abandoned."""
        if self.receiver is not None or self._requests:
            return
        if not self.core.is_open:
            if not self.resumable:
                self._owner.session_finished(self)
        elif self.resumable:
            self._abandoned.start(self.config.resume_s)

    def _notify(self) -> None:
        changes, self._changes = self._changes, []
        for change in changes:
            if not change.done():
                change.set_result(None)

    # -- the daemon speaks (DaemonSink)

    def daemon_connected(self, connection: DaemonConnection) -> None:
        """The session begins."""
        self._connection = connection
        self._tell("opened", transport=self.transport_name)
        self._rest()

    def daemon_sent(self, data: bytes) -> None:
        """Log it, push it, and stop reading when the client lags too far behind."""
        down = self.core.down
        held = down.held_bytes
        code = self.core.receive(data)
        self._budget.held_bytes += down.held_bytes - held
        self.push()
        if self._changes:
            self._notify()
        if code is not None:
            self.end(code)
        elif not self._daemon_is_paused and self._lags():
            self._daemon_is_paused = True
            self._connection.pause()
            self._slow_client.start(self.config.slow_client_s)

    def _lags(self) -> bool:
        held = self.core.down.held_bytes
        return held >= self.config.log_high_water_bytes or (held > 0 and self._budget.exceeded)

    def daemon_closed(self) -> None:
        """End of the daemon's stream, half-closed or not."""
        self.end(CloseCode.DAEMON_CLOSED)

    def daemon_failed(self, error: Exception | None) -> None:
        """The connection to the daemon broke."""
        reason = getattr(error, "strerror", None) or ""
        self.end(CloseCode.DAEMON_ERROR, reason and f"{CloseCode.DAEMON_ERROR}: {reason}")

    def daemon_gone(self) -> None:
        """Nothing is written or read any more."""
        self._owner.session_flushed(self)

    def daemon_paused(self) -> None:
        """The daemon is slow: senders wait, for a time."""
        self._daemon_is_slow = True
        self._slow_daemon.start(self.config.slow_daemon_s)

    def daemon_resumed(self) -> None:
        """The daemon takes data again."""
        self._daemon_is_slow = False
        self._slow_daemon.cancel()
        self._notify()
        if self.receiver is not None:
            self.receiver.daemon_ready()

    # -- the journal

    def _tell(self, event: str, **fields: object) -> None:
        self._journal.record(event, {"id": self.id, "daemon": self.daemon.name, **fields})

    def _tell_refused(self, refusal: Refusal) -> None:
        self._tell("refused", message=refusal.number, code=refusal.fault.code)

    def _tell_ended(self) -> None:
        core = self.core
        self._tell(
            "ended",
            transport=self.transport_name,
            code=str(core.code),
            detail=core.detail,
            up=core.up.accepted,
            up_bytes=core.up.accepted_bytes,
            down=core.down.last,
            down_bytes=core.down_bytes,
            seconds=round(self.age_s, 3),
        )

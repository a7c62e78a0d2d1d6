"""A session: one daemon connection, two numbered logs, at most one attached receiver.

Bytes from the daemon are logged and pushed into the receiver in the same call. Bytes from the
client are checked and written to the daemon in the same call. When one side is slow the other is
paused, for a time; nothing here waits, and nothing is queued without a bound.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from bridge.config import Config
from bridge.errors import ENDS, CloseCode, End
from bridge.loop.bell import Bell
from bridge.loop.deadline import Deadline
from bridge.loop.turns import Turns
from bridge.protocol.checks import Fault
from bridge.protocol.session_core import SessionCore
from bridge.protocol.up_log import Refusal
from bridge.tunnel.budget import Budget, Share
from bridge.tunnel.client import UNKNOWN, Client
from bridge.tunnel.daemon.connection import DaemonConnection
from bridge.tunnel.directory import Daemon
from bridge.tunnel.journal import Journal
from bridge.tunnel.lease import LEASE_OVER, Lease
from bridge.tunnel.pace.sluice import Sluice
from bridge.tunnel.pace.throttle import Throttle
from bridge.tunnel.receiver import Receiver
from bridge.tunnel.sends import Sends
from bridge.tunnel.story import Story


class SessionKeeper(Protocol):
    """Who keeps the sessions: the registry."""

    def session_ended(self, session: "Session") -> None:
        """It has its close code; its tail may still be wanted."""

    def tail_acknowledged(self, session: "Session") -> None:
        """It has ended, and its client has taken some of the tail."""

    def session_told(self, session: "Session") -> None:
        """Its client knows of the end, or does not want to."""

    def session_finished(self, session: "Session") -> None:
        """It has ended and nobody can come back for it."""

    def session_flushed(self, session: "Session") -> None:
        """The daemon has got what was accepted, or never will; its connection is gone."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What the sessions of one process share."""

    config: Config
    budget: Budget
    turns: Turns
    journal: Journal
    keeper: SessionKeeper


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
        shared: Shared,
        transport_name: str,
        *,
        resumable: bool = True,
        framed: bool = True,
    ) -> None:
        self.id = session_id
        self.key = key
        self.daemon = daemon
        self.core = SessionCore(daemon.guard, framed=framed, charset=daemon.charset)
        self.config = shared.config
        self.resumable = resumable
        self.receiver: Receiver | None = None
        self.transport_name = transport_name
        self.turns = shared.turns
        self._budget = shared.budget
        self._share = Share(shared.budget)
        self._keeper = shared.keeper
        self._story = Story(shared.journal, session_id, daemon.name)
        self._change = Bell()
        self._begun = False
        self._requests = 0
        self._sends: Sends | None = None
        self._client = UNKNOWN
        self.sluice: Sluice | None = None  # where limits say how fast it may send
        self._lease: Lease | None = None  # where who opened it is so only for a time
        self._abandoned = Deadline(lambda: self.end(CloseCode.ABANDONED))
        self._slow_client = Deadline(lambda: self.end(CloseCode.SLOW_CLIENT))
        self._slow_daemon = Deadline(lambda: self.end(CloseCode.SLOW_DAEMON))

    def __repr__(self) -> str:
        receiver = self.receiver.transport_name if self.receiver else None
        return f"<Session {self.id} {self.daemon.name} receiver={receiver} {self.core!r}>"

    def belongs_to(self, client: Client, up: Throttle | None = None) -> None:
        """Who opens it, and how fast it may send, if that is limited; to be told before `begin`."""
        self._client = client
        self.sluice = None if up is None else Sluice(up, self._tell_writable)

    def begin(self) -> None:
        """Whoever opened it has it now. The daemon may have spoken, and even ended, before."""
        self._begun = True
        self._story.opened(self.transport_name, self._client)
        if self.core.is_open:
            if self._client.expires_at is not None:
                self._lease = Lease(lambda: self.end(CloseCode.KICKED, LEASE_OVER))
                self._lease.start(self._client.expires_at)
            self._rest()
        else:
            self._story.ended(self.transport_name, self.core)

    # -- the client receives

    def attach(self, receiver: Receiver, after: int) -> None:
        """Make this the receiver, from message `after + 1` on: the client has those before. The
        receiver before it is displaced.

        Raises `Gap` where `after` is not between what is acknowledged and what was sent.
        """
        self.core.down.rewind(after)
        displaced, self.receiver = self.receiver, receiver
        self.acknowledge(after)
        if receiver.transport_name != self.transport_name:
            self.transport_name = receiver.transport_name
            self._story.attached(self.transport_name, after)
        if self._abandoned.running:  # else a request has suspended it, and others will follow
            self._abandoned.cancel()
        if displaced is not None:
            displaced.displaced()
        self.push()

    def detach(self, receiver: Receiver) -> None:
        """This receiver has gone; harmless where another one has taken over."""
        if self.receiver is receiver:
            self.receiver = None
            self._change.ring()
            self._rest()

    def push(self) -> None:
        """Hand the receiver all that it can take; tell it the end when nothing is left."""
        receiver, down = self.receiver, self.core.down
        if receiver is not None:
            while receiver.ready and (batch := down.take()) is not None:
                receiver.deliver(batch)
            if self.core.end is not None:
                self._tell_end(receiver, self.core.end)
        self._settle()

    def _tell_end(self, receiver: Receiver, end: End) -> None:
        if not self.core.down.unsent and self.receiver is receiver and receiver.ready:
            self.receiver = None
            if receiver.ended(end):
                self.told()
            self._rest()

    def acknowledge(self, number: int) -> None:
        """The client has all down messages to `number`. Raises `Gap` for one never sent.

        A socket counts what it is handed, so nothing is skipped behind its back: of an
        acknowledgement that overtakes an attached receiver only as much counts as it has got.
        """
        down = self.core.down
        if self.receiver is not None and down.cursor < number <= down.sent:
            number = down.cursor
        held = down.held_bytes
        down.acknowledge(number)
        self._settle()
        if down.held_bytes < held and not self.core.is_open:
            self._keeper.tail_acknowledged(self)

    @property
    def log_is_full(self) -> bool:
        """Whether the daemon is not being read because the client lags."""
        return self._slow_client.running

    # -- the client sends

    @property
    def writable(self) -> bool:
        """Whether all that comes may be sent at once; else there may still be `room_for` some."""
        return self.sluice is None and not self._slow_daemon.running

    def room_for(self, batch: bytes) -> int:
        """How much of a batch, from its beginning, may be sent now. What is limited is paid for by
        that, so it has to be sent. With 0 `changed` and `Receiver.daemon_ready` tell when to ask
        again."""
        if self._slow_daemon.running:
            return 0
        return len(batch) if self.sluice is None else self.sluice.room_for(batch)

    @property
    def sends(self) -> Sends:
        """Those of requests; sockets, most of all sessions, need none."""
        if self._sends is None:
            self._sends = Sends()
        return self._sends

    def send(self, first: int, batch: bytes) -> Iterable[Refusal]:
        """Accept a batch numbered from `first` and write it to the daemon; gives the refusals on
        the way. A caller that stops at one leaves what is behind it unaccepted. After the end of
        the session nothing is accepted.

        Raises `TooFarAhead`.
        """
        if not self.core.is_open:
            return ()
        if self.core.up.accept(first, batch):
            self._connection.write(batch)
            return ()
        return self._send_in_parts(first, batch)

    def _send_in_parts(self, first: int, batch: bytes) -> Iterator[Refusal]:
        charset = self.daemon.charset
        for item in self.core.up.offer(first, batch):
            if isinstance(item, Refusal):
                self._story.refused(item)
                yield item
            else:
                self._connection.write(item if charset is None else charset.encode(item))

    def send_bytes(self, data: bytes) -> None:
        """Write bytes that are not looked at as messages; after the end nothing is written."""
        if self.core.is_open:
            self.core.up.accept_bytes(data)
            self._connection.write(data)

    def refuse(self, fault: Fault) -> Refusal:
        """Use up the next up number for a message refused unseen: too big, or no bytes at all."""
        refusal = self.core.up.refuse(fault)
        self._story.refused(refusal)
        return refusal

    async def changed(self) -> None:
        """Wait until the daemon takes data again, a down message came, the receiver went, or the
        session ended."""
        await self._change.rung()

    # -- the session lives

    @contextmanager
    def request(self) -> Iterator[None]:
        """While a request is in progress the session is not abandoned."""
        self._requests += 1
        self._abandoned.suspend()
        try:
            yield
        finally:
            self._requests -= 1
            self._rest()

    def end(self, code: CloseCode, detail: str = "", *, retry_after_s: int | None = None) -> None:
        """End with this code, unless it has ended before. What was accepted is flushed."""
        if not self.core.is_open:
            return
        self.core.finish(End(code, detail or ENDS[code].meaning, retry_after_s))
        self._settle()
        for deadline in (self._abandoned, self._slow_client, self._slow_daemon):
            deadline.cancel()
        if self._lease is not None:
            self._lease.cancel()
        if self.sluice is not None:
            self.sluice.cancel()
        self._connection.finish()
        if self._begun:
            self._story.ended(self.transport_name, self.core)
        self._change.ring()
        self._keeper.session_ended(self)
        self.push()
        self._rest()

    def close(self) -> None:
        """The client wants no more of it: end, or drop the tail of one that has ended."""
        self.end(CloseCode.CLIENT_CLOSED)
        self.core.down.drop()
        self._settle()
        self.push()
        self.told()

    def told(self) -> None:
        """The client knows of the end."""
        self._keeper.session_told(self)

    def forget(self) -> None:
        """Its time is over: whoever is still attached hears the end."""
        self.core.forget()
        self._settle()
        receiver, self.receiver = self.receiver, None
        if receiver is not None and self.core.end is not None:
            receiver.ended(self.core.end)

    def _settle(self) -> None:
        """Charge the common budget with what the log holds now, and read the daemon again once the
        log has drained; to be called after each change."""
        held_bytes = self.core.held_bytes
        if held_bytes != self._share.held_bytes:
            self._share.settle(held_bytes)
        if self.log_is_full and self.core.down.held_bytes <= self.config.log_low_water_bytes:
            self._slow_client.cancel()
            self._connection.resume()

    def _rest(self) -> None:
        """If nobody is attached: begin to count the time until it is abandoned, or finish a session
        that cannot be resumed."""
        if self.receiver is not None or self._requests or not self._begun:
            return
        if not self.core.is_open:
            if not self.resumable:
                self._keeper.session_finished(self)
        elif self.resumable:
            self._abandoned.start(self.config.resume_s)

    # -- the daemon speaks (DaemonSink)

    def daemon_connected(self, connection: DaemonConnection) -> None:
        """What the daemon says is logged from now on."""
        self._connection = connection

    def daemon_sent(self, data: bytes) -> None:
        """Log it, push it, and stop reading when the client lags too far behind."""
        code = self.core.receive(data)
        self.push()
        self._change.ring()
        if code is not None:
            charset = self.daemon.charset
            self.end(code, "" if charset is None else charset.detail_of(code))
        elif self.core.down.holds and not self.log_is_full and self._lags():
            self._slow_client.start(self.config.slow_client_s)
            self._connection.pause()
            if self.receiver is not None:
                self.receiver.log_full()

    def _lags(self) -> bool:
        """Not with nothing to take, since nobody could end that. A message on its way may make the
        log larger, by half or by itself."""
        core, high = self.core, self.config.log_high_water_bytes
        most = max(high * 3 // 2, high // 2 + core.guard.max_message_bytes)
        is_much = core.down.held_bytes >= high or core.held_bytes >= most
        return is_much or self._budget.exceeded

    def daemon_closed(self) -> None:
        """End of the daemon's stream, half-closed or not."""
        self.end(CloseCode.DAEMON_CLOSED)

    def daemon_failed(self, error: Exception | None) -> None:
        """The connection to the daemon broke."""
        meaning = ENDS[CloseCode.DAEMON_ERROR].meaning
        reason = getattr(error, "strerror", None)
        self.end(CloseCode.DAEMON_ERROR, f"{meaning}: {reason}" if reason else meaning)

    def daemon_gone(self) -> None:
        """Nothing is written or read any more."""
        self._slow_client.cancel()
        self._slow_daemon.cancel()
        self._keeper.session_flushed(self)

    def daemon_paused(self) -> None:
        """The daemon is slow: senders wait, for a time."""
        self._slow_daemon.start(self.config.slow_daemon_s)

    def daemon_resumed(self) -> None:
        """The daemon takes data again."""
        self._slow_daemon.cancel()
        self._tell_writable()

    def _tell_writable(self) -> None:
        self._change.ring()
        if self.receiver is not None:
            self.receiver.daemon_ready()

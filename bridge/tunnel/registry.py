"""All sessions of this process: opening, finding, ending them."""

import asyncio
import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from bridge.config import Config
from bridge.errors import CloseCode, Problem
from bridge.loop.roll import Roll
from bridge.loop.turns import Turns
from bridge.tunnel.admission import RETRY_AFTER_S, Admission
from bridge.tunnel.budget import Budget
from bridge.tunnel.client import UNKNOWN, Client
from bridge.tunnel.daemon.connection import DaemonConnection
from bridge.tunnel.daemon.dialling import connect
from bridge.tunnel.daemon.names import Names
from bridge.tunnel.directory import Daemon
from bridge.tunnel.drain import TOLD_S, Stage, refusal, retry_after_s
from bridge.tunnel.held_bodies import HeldBodies
from bridge.tunnel.journal import Journal
from bridge.tunnel.pace.traffic import Traffic
from bridge.tunnel.session import Session, Shared

ID_BYTES: Final = 12
"""96 random bits: ids are not secret, but never come twice."""
KEY_BYTES: Final = 24
"""192 random bits, 32 characters."""


class Registry:
    """Keeps each session from its opening until it is forgotten."""

    def __init__(self, config: Config, journal: Journal) -> None:
        self._config = config
        budget = Budget(config.max_buffered_bytes)
        self.bodies: Final = HeldBodies(budget, config.max_body_bytes)
        self.turns: Final = Turns()
        self._shared = Shared(config, budget, self.turns, journal, self)
        self._names = Names()
        self._sessions: dict[str, Session] = {}
        self._expiries: dict[str, asyncio.TimerHandle] = {}
        self._now = asyncio.get_running_loop().time
        self._admission = Admission(config, self._now)
        self._traffic = Traffic(config)
        self._stage = Stage.SERVING
        self._open = Roll[Session]()
        self._untold = Roll[Session]()
        self._flushing = Roll[Session]()

    def __repr__(self) -> str:
        return f"<Registry open={self.open_count} ended={len(self._expiries)}>"

    @property
    def open_count(self) -> int:
        """Sessions open or being opened."""
        return len(self._open)

    async def open(
        self,
        daemon: Daemon,
        transport_name: str,
        *,
        client: Client = UNKNOWN,
        resumable: bool = True,
        framed: bool = True,
    ) -> Session:
        """Connect to the daemon for a client; the session stands when this returns.

        Raises `Problem`: `draining`, `too-many-sessions`, `rate-limited`, `daemon-unreachable`,
        `daemon-timeout`.
        """
        self._check_room()
        self._traffic.check(client, self._now())
        session = Session(
            f"{self._config.node}-{secrets.token_urlsafe(ID_BYTES)}",
            secrets.token_urlsafe(KEY_BYTES),
            daemon,
            self._shared,
            transport_name,
            resumable=resumable,
            framed=framed,
        )
        with self._counted(session, client):
            whole = framed or daemon.guard.is_text
            session.belongs_to(client, self._traffic.up.throttle(daemon.name, client, whole=whole))
            connection = self._connection_for(session, client)
            await connect(connection, daemon, client, self._names, self._config.connect_timeout_s)
            if self._stage is Stage.ENDING:
                session.end(CloseCode.SHUTDOWN)
                raise refusal()
            greet(connection, session, client)
            self._sessions[session.id] = session
        session.begin()
        if not session.core.is_open:
            self._retain(session)  # the daemon was quicker
        return session

    @contextmanager
    def _counted(self, session: Session, client: Client) -> Iterator[None]:
        """From the beginning, and no longer if nothing comes of it.

        Raises `Problem` `too-many-sessions` or `rate-limited`.
        """
        self._admission.enter(session.id, session.daemon.name, client)
        self._open.add(session)
        try:
            yield
        finally:
            if session.id not in self._sessions:
                self._open.discard(session)
                self._untold.discard(session)
                self._admission.leave(session.id)

    def _connection_for(self, session: Session, client: Client) -> DaemonConnection:
        config = self._config
        throttle = self._traffic.down.throttle(session.daemon.name, client, whole=False)
        return DaemonConnection(
            session, self.turns, config.flush_s, config.max_unacked_bytes, throttle
        )

    def opening_fields(self, client: Client) -> dict[str, str]:
        """The header fields that tell what the client may still open."""
        return self._admission.fields(client)

    def find(self, session_id: str, key: str | None) -> Session:
        """The session of this id and key.

        Raises `Problem` `unknown-session`, the same one for an unknown id and a wrong key.
        """
        session = self._sessions.get(session_id)
        given = (key or "").encode(errors="replace")
        if (
            session is None
            or not session.resumable
            or not hmac.compare_digest(session.key.encode(), given)
        ):
            raise Problem("unknown-session", "there is no session of this id and key")
        return session

    # -- the bridge stops, in these steps

    async def drain(self) -> None:
        """Refuse new sessions; return when none is open any more, or `drain_s` are over."""
        self._stage = Stage.DRAINING
        await self._open.emptied(self._config.drain_s)

    def end_all(self) -> None:
        """End with `shutdown` what is still open, for each client with a delay of its own."""
        self._stage = Stage.ENDING
        for session in list(self._sessions.values()):
            session.end(CloseCode.SHUTDOWN, retry_after_s=retry_after_s())

    async def told(self) -> None:
        """Wait until the clients of all sessions that ended since the first step know of it, or
        `TOLD_S` are over; of a short `shutdown_s` half is left for what comes after."""
        await self._untold.emptied(min(TOLD_S, self._config.shutdown_s / 2))

    async def flushed(self) -> None:
        """Wait until the daemons have got what was accepted. Each connection's own `flush_s` bounds
        that."""
        await self._flushing.emptied()

    def forget_all(self) -> None:
        """Nobody can come any more: keep nothing for anyone."""
        for session in [self._sessions[session_id] for session_id in self._expiries]:
            self._forget(session)

    # -- what the sessions report (SessionKeeper)

    def session_ended(self, session: Session) -> None:
        """Its daemon's connection is finishing; keep the rest for `resume_s`."""
        self._open.discard(session)
        self._admission.leave(session.id)
        self._flushing.add(session)
        if self._stage is not Stage.SERVING:
            self._untold.add(session)
        if session.id in self._sessions:
            self._retain(session)

    def tail_acknowledged(self, session: Session) -> None:
        """Its client is here and has taken some of the tail: it has the whole time for the rest."""
        self._expiries.pop(session.id).cancel()
        self._retain(session)

    def session_told(self, session: Session) -> None:
        """Its client need not be waited for."""
        self._untold.discard(session)

    def session_finished(self, session: Session) -> None:
        """Nobody can come back for it."""
        self._forget(session)

    def session_flushed(self, session: Session) -> None:
        """Its daemon's connection is gone."""
        self._flushing.discard(session)

    def _retain(self, session: Session) -> None:
        """Keep it for `resume_s`, so that its tail and its close code can be received; less when
        there are more than `max_sessions` of them."""
        loop = asyncio.get_running_loop()
        self._expiries[session.id] = loop.call_later(self._config.resume_s, self._forget, session)
        if len(self._expiries) > self._config.max_sessions:
            self._forget(self._sessions[next(iter(self._expiries))])

    def _forget(self, session: Session) -> None:
        if self._sessions.pop(session.id, None) is not None:
            self._expiries.pop(session.id).cancel()
            self._untold.discard(session)
            session.forget()

    def _check_room(self) -> None:
        if self._stage is not Stage.SERVING:
            raise refusal()
        if self.open_count >= self._config.max_sessions or self.bodies.exceeded:
            detail = "there is no room for another session now"
            raise Problem("too-many-sessions", detail, retry_after_s=RETRY_AFTER_S)


def greet(connection: DaemonConnection, session: Session, client: Client) -> None:
    """Tell the daemon whose session it is, if it is to be told: before anything of the client,
    which has not heard of the session yet. A daemon that has ended its stream already hears
    nothing."""
    greeting = session.daemon.approach.greeting
    if greeting is not None and session.core.is_open:
        batch = greeting.batch(session.id, client.address, client.user)
        charset = session.daemon.charset
        connection.write(batch if charset is None else charset.encode(batch))

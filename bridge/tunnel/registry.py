"""All sessions of this process: opening, finding, ending them."""

import asyncio
import hmac
import secrets
from typing import Final

from bridge.config import Config
from bridge.errors import CloseCode, Problem
from bridge.tunnel.budget import Budget
from bridge.tunnel.daemon_connection import connect
from bridge.tunnel.directory import Daemon
from bridge.tunnel.journal import Journal
from bridge.tunnel.roll import Roll
from bridge.tunnel.session import Session, Shared

ID_BYTES: Final = 12
"""96 random bits: ids are not secret, but never come twice."""
KEY_BYTES: Final = 24
"""192 random bits, 32 characters."""
RETRY_AFTER_S: Final = 5
"""Long enough for some sessions to end, short enough for a person to wait."""


class Registry:
    """Keeps each session from its opening until it is forgotten."""

    def __init__(self, config: Config, journal: Journal) -> None:
        self._config = config
        self._budget = Budget(config.max_buffered_bytes)
        self._shared = Shared(config, self._budget, journal, self)
        self._sessions: dict[str, Session] = {}
        self._expiries: dict[str, asyncio.TimerHandle] = {}
        self._opening = 0
        self._draining = False
        self._flushing = Roll[Session]()

    def __repr__(self) -> str:
        return f"<Registry open={self.open_count} ended={len(self._expiries)}>"

    @property
    def open_count(self) -> int:
        """Sessions open or being opened."""
        return len(self._sessions) - len(self._expiries) + self._opening

    async def open(
        self, daemon: Daemon, transport_name: str, *, resumable: bool = True, framed: bool = True
    ) -> Session:
        """Connect to the daemon; the session stands when this returns.

        Raises `Problem`: `draining`, `too-many-sessions`, `daemon-unreachable`, `daemon-timeout`.
        """
        self._check_room()
        session = Session(
            f"{self._config.node}-{secrets.token_urlsafe(ID_BYTES)}",
            secrets.token_urlsafe(KEY_BYTES),
            daemon,
            self._shared,
            transport_name,
            resumable=resumable,
            framed=framed,
        )
        self._opening += 1
        try:
            await connect(
                daemon,
                session,
                timeout_s=self._config.connect_timeout_s,
                flush_s=self._config.flush_s,
                high_water_bytes=self._config.max_unacked_bytes,
            )
        finally:
            self._opening -= 1
        self._sessions[session.id] = session
        session.begin()
        if not session.core.is_open:
            self._retain(session)  # the daemon was quicker
        if self._draining:
            session.end(CloseCode.SHUTDOWN)
        return session

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

    async def shutdown(self) -> None:
        """Refuse new sessions and end all with `shutdown`; returns when their daemons have got
        what was accepted. Each connection's own `flush_s` bounds that."""
        self._draining = True
        for session in list(self._sessions.values()):
            session.end(CloseCode.SHUTDOWN)
        await self._flushing.emptied()

    # -- what the sessions report (SessionOwner)

    def session_ended(self, session: Session) -> None:
        """Its daemon's connection is finishing; keep the rest for `resume_s`."""
        self._flushing.add(session)
        if session.id in self._sessions:
            self._retain(session)

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
            session.forget()

    def _check_room(self) -> None:
        if self._draining:
            raise Problem("draining", "the bridge is stopping", retry_after_s=RETRY_AFTER_S)
        if self.open_count >= self._config.max_sessions or self._budget.exceeded:
            detail = "there is no room for another session now"
            raise Problem("too-many-sessions", detail, retry_after_s=RETRY_AFTER_S)

"""What the journal is told of one session: a line for each turn of its life."""

import asyncio
from typing import Final

from bridge.protocol.session_core import SessionCore
from bridge.protocol.up_log import Refusal
from bridge.tunnel.journal import Journal


class Story:
    """Begins when the session is opened; each line says whose it is."""

    def __init__(self, journal: Journal, session_id: str, daemon: str) -> None:
        self._journal: Final = journal
        self._whose: Final = {"id": session_id, "daemon": daemon}
        self._began_at: Final = asyncio.get_running_loop().time()
        self._refusals = 0

    @property
    def age_s(self) -> float:
        """Seconds since it began."""
        return asyncio.get_running_loop().time() - self._began_at

    def opened(self, transport: str, user: str | None) -> None:
        """Whoever opened it has it."""
        self._tell(
            "session opened", transport=transport, **({} if user is None else {"user": user})
        )

    def attached(self, transport: str, after: int) -> None:
        """Its client has changed the transport."""
        self._tell("session attached", transport=transport, after=after)

    def refused(self, refusal: Refusal) -> None:
        """Only the first one has a line, since a client could fill the disk with them."""
        self._refusals += 1
        if self._refusals == 1:
            self._tell("message refused", message=refusal.number, code=refusal.fault.code)

    def ended(self, transport: str, core: SessionCore) -> None:
        """Why, and what it came to."""
        assert core.end is not None
        self._tell(
            "session ended",
            transport=transport,
            code=str(core.end.code),
            detail=core.end.detail,
            refused=self._refusals,
            up=core.up.accepted,
            up_bytes=core.up.accepted_bytes,
            **({"down": core.down.last} if core.is_framed else {}),
            down_bytes=core.down_bytes,
            seconds=round(self.age_s, 3),
        )

    def _tell(self, event: str, **fields: object) -> None:
        self._journal.record(event, {**self._whose, **fields})

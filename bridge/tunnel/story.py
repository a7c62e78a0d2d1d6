"""What the journal is told of one session: a line for each turn of its life."""

import asyncio
import re
from typing import Final

from bridge.protocol.session_core import SessionCore
from bridge.protocol.up_log import Refusal
from bridge.tunnel.client import Client
from bridge.tunnel.journal import Journal

WITHIN_QUOTES: Final = re.compile("'.*'|\".*\"", re.DOTALL)


class Story:
    """Begins when the session is opened; each line says whose it is."""

    __slots__ = ("_began_at", "_daemon", "_journal", "_refusals", "_session_id")

    def __init__(self, journal: Journal, session_id: str, daemon: str) -> None:
        self._journal: Final = journal
        self._session_id: Final = session_id
        self._daemon: Final = daemon
        self._began_at: Final = asyncio.get_running_loop().time()
        self._refusals = 0

    @property
    def age_s(self) -> float:
        """Seconds since it began."""
        return asyncio.get_running_loop().time() - self._began_at

    def opened(self, transport: str, client: Client) -> None:
        """Whoever opened it has it."""
        who = {"user": client.user, "client": client.address}
        known = {name: value for name, value in who.items() if value is not None}
        self._tell("session opened", transport=transport, **known)

    def attached(self, transport: str, after: int) -> None:
        """Its client has changed the transport."""
        self._tell("session attached", transport=transport, after=after)

    def refused(self, refusal: Refusal) -> None:
        """Only the first one has a line, since a client could fill the disk with them."""
        self._refusals += 1
        if self._refusals == 1:
            code, detail = refusal.fault
            self._tell(
                "message refused", message=refusal.number, code=code, detail=in_general(detail)
            )

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
        self._journal.record(event, {"id": self._session_id, "daemon": self._daemon, **fields})


def in_general(detail: str) -> str:
    """What is wrong with a message without what is in it: the words of parsers, which repeat names
    and values of it, stand behind a colon, and its own in quotes."""
    return WITHIN_QUOTES.sub("'...'", detail.partition(": ")[0])

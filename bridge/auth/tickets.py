"""One-time tickets: what a token lets its owner do, for a moment and once, in a word that may stand
in an address, where logs and histories keep it."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bridge.auth.identity import Identity, NotNamed, Refused
from bridge.config.auth import digest_of
from bridge.errors import Problem

TICKET_S: Final = 30
"""Long enough for the next request of a slow client, too short for whoever reads logs."""
TICKET_BYTES: Final = 24
"""192 random bits, as the keys of sessions have."""
MAX_TICKETS: Final = 4096
"""At a time: about 2 MB."""
MAX_OF_ONE_USER: Final = 256
"""So that nobody can take them all; a crowd behind one token gets eight a second."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Whom it admits to which daemons, and until when it can be used, on the monotonic clock."""

    grants: Mapping[str, Identity]
    user: str
    usable_until: float


class Tickets:
    """Those that have been issued and not used."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._tickets: dict[bytes, Ticket] = {}  # the oldest first, which are the first to go

    def __len__(self) -> int:
        return len(self._tickets)

    def issue(self, grants: Mapping[str, Identity]) -> str:
        """A new one for whoever has these grants, of which there is at least one. Raises
        `rate-limited`."""
        self._drop_old()
        user = next(iter(grants.values())).user
        of_user = sum(ticket.user == user for ticket in self._tickets.values())
        if len(self._tickets) >= MAX_TICKETS or of_user >= MAX_OF_ONE_USER:
            detail = "too many tickets have been asked for and not used"
            raise Problem("rate-limited", detail, retry_after_s=TICKET_S)
        word = secrets.token_urlsafe(TICKET_BYTES)
        self._tickets[digest_of(word)] = Ticket(dict(grants), user, self._now() + TICKET_S)
        return word

    def redeem(self, word: str, daemon: str) -> Identity:
        """Whom the ticket admits to the daemon; it is used up, whatever comes of it.

        Raises `Refused`, and `NotNamed` where it is good for other daemons.
        """
        self._drop_old()
        ticket = self._tickets.pop(digest_of(word), None)
        if ticket is None:
            raise Refused("the ticket is unknown, used or too old")
        identity = ticket.grants.get(daemon)
        if identity is None:
            raise NotNamed(f"the ticket of {ticket.user} is not for the daemon")
        if identity.expires_at is not None and identity.expires_at <= time.time():
            raise Refused("the token of the ticket has expired")
        return identity

    def _drop_old(self) -> None:
        now = self._now()
        while self._tickets:
            oldest = next(iter(self._tickets))
            if self._tickets[oldest].usable_until > now:
                return
            del self._tickets[oldest]

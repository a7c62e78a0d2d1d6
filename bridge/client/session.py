"""What a client knows of its session, without any I/O: the numbers and messages that outlive any
connection.

Connections feed it with what they received and take from its outbox what is to be sent. That
nothing is lost or doubled is decided here and in the outbox, and nowhere else.
"""

from collections import deque
from typing import Final

from bridge.client.errors import MessageRefused, Missing
from bridge.client.opening import Opening
from bridge.client.outbox import Outbox
from bridge.protocol.framing import count, offset_of, split

REMEMBERED_REFUSALS: Final = 100
"""For a program that asks late what became of a message."""


class Session:
    """`received` is the highest number that came down; messages are held until `pop`. Above
    `max_held_bytes` they are not acknowledged any more, so that the bridge stops sending."""

    def __init__(self, opening: Opening, max_held_bytes: int) -> None:
        self.opening: Final = opening
        self.outbox: Final = Outbox(opening.max_unacked_bytes)
        self.received = 0
        self.received_bytes = 0
        self.refusals: deque[MessageRefused] = deque(maxlen=REMEMBERED_REFUSALS)
        self._max_held_bytes: Final = max_held_bytes
        self._held: deque[bytes] = deque()
        self._held_bytes = 0
        self._ack = 0

    def __repr__(self) -> str:
        return f"<Session {self.opening.id} down={self.received}/{self._ack} up={self.outbox!r}>"

    @property
    def holds(self) -> bool:
        """Whether there is a message to `pop`."""
        return bool(self._held)

    @property
    def has_room(self) -> bool:
        """Whether more messages should come."""
        return self._held_bytes < self._max_held_bytes

    @property
    def ack(self) -> int:
        """What to acknowledge: all that came, but while there is no room no more than before."""
        if self.has_room:
            self._ack = self.received
        return self._ack

    def receive(self, first: int, batch: bytes) -> None:
        """Hold what is new of the messages numbered from `first`. Raises `Missing` if some lie
        between these and those received before."""
        known = self.received + 1 - first
        if known < 0:
            raise Missing(f"the daemon's message {self.received + 1} is missing")
        if known:
            batch = batch[offset_of(batch, min(known, count(batch))) :]
        self._held += split(batch)
        self._held_bytes += len(batch)
        self.received_bytes += len(batch)
        self.received += count(batch)

    def pop(self) -> bytes:
        """The oldest message held."""
        message = self._held.popleft()
        self._held_bytes -= len(message) + 1
        return message

    def refuse(self, refusal: MessageRefused) -> bool:
        """Take note of a refusal; return whether it is new. The bridge says the latest one again to
        whoever resumes or retries."""
        if self.refusals and refusal.number <= self.refusals[-1].number:
            return False
        self.refusals.append(refusal)
        return True

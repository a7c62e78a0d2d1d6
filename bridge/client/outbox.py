"""The numbered messages on their way to the daemon.

It is the bridge's down log at the other end. A message stays until the bridge has acknowledged it,
whatever becomes of the connection it was sent on: `resume` begins a new connection, and `take` then
hands out the same messages under the same numbers.
"""

from collections import deque
from typing import Final

from bridge.client.errors import Missing
from bridge.protocol.down_log import Batch, DownLog, Gap

BATCH_BYTES: Final = 1 << 16
"""What goes into one frame or request: a slow network carries it in seconds."""


class Outbox:
    """The log holds what has been handed out and is not acknowledged, `max_unacked_bytes` or one
    longer message; the rest waits in front of it."""

    def __init__(self, max_unacked_bytes: int) -> None:
        self._max_unacked_bytes: Final = max_unacked_bytes
        self._log = DownLog()
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0

    def __repr__(self) -> str:
        return f"<Outbox {self.last}/{self.sent}/{self.acknowledged} {self.held_bytes}>"

    @property
    def acknowledged(self) -> int:
        """The highest number accepted."""
        return self._log.acknowledged

    @property
    def sent(self) -> int:
        """The highest number ever handed out."""
        return self._log.sent

    @property
    def last(self) -> int:
        """The number of the newest message."""
        return self._log.last + len(self._waiting)

    @property
    def held_bytes(self) -> int:
        """All that is not acknowledged, and what it costs to hold it."""
        return self._waiting_bytes + self._log.held_bytes

    @property
    def is_empty(self) -> bool:
        """Whether all messages have been acknowledged."""
        return not self._waiting and not self._log.holds

    @property
    def has_unsent(self) -> bool:
        """Whether there are messages that the present connection has not taken."""
        return bool(self._waiting) or self._log.unsent

    @property
    def is_ready(self) -> bool:
        """Whether `take` has something to give."""
        return self._log.unsent or (bool(self._waiting) and self._fits(len(self._waiting[0])))

    def push(self, message: bytes) -> int:
        """Put a message, without its zero byte, at the end; return its number."""
        self._waiting.append(message + b"\0")
        self._waiting_bytes += len(message) + 1
        return self.last

    def take(self) -> Batch | None:
        """The next messages to send; `None` when all are out, or too many are unacknowledged."""
        if not self._log.unsent and self.is_ready:
            self._log.append(self._next_batch())
        return self._log.take()

    def acknowledge(self, number: int) -> None:
        """Forget all up to this one, which the bridge has accepted. Raises `Missing` for a number
        never sent."""
        self._check_sent(number)
        self._log.acknowledge(number)

    def acknowledge_taken(self, number: int) -> None:
        """The same, but only of what this connection took.

        An older connection's messages may arrive late and be accepted too. On a socket, where the
        bridge counts on, they must be sent all the same: the message behind one left out would
        have a number already used, and be skipped.
        """
        self._check_sent(number)
        self._log.acknowledge(min(number, self._log.cursor))

    def resume(self, accepted: int | None = None) -> None:
        """Begin a new connection, which takes all over again that is not acknowledged. `accepted`
        is the highest number accepted, where the bridge said so as the connection began.

        Raises `Missing` if the bridge has forgotten what it had accepted.
        """
        number = self._log.acknowledged if accepted is None else accepted
        try:
            self._log.check(number)
        except Gap as gap:
            raise Missing(f"the bridge counts otherwise: {gap}") from None
        self._log.acknowledge(number)
        self._log.rewind(number)

    def _check_sent(self, number: int) -> None:
        if number > self._log.sent:
            raise Missing(f"the bridge has accepted message {number}, which was never sent")

    def _fits(self, size: int) -> bool:
        return not self._log.holds or self._log.held_bytes + size <= self._max_unacked_bytes

    def _next_batch(self) -> bytes:
        room = min(self._max_unacked_bytes - self._log.held_bytes, BATCH_BYTES)
        messages = [self._waiting.popleft()]
        size = len(messages[0])
        while self._waiting and size + len(self._waiting[0]) <= room:
            messages.append(self._waiting.popleft())
            size += len(messages[-1])
        self._waiting_bytes -= size
        return b"".join(messages)

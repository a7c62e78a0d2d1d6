"""What an up message must be before the daemon sees a byte of it.

A `Guard` belongs to a daemon and knows its kind of messages: `bytes` (anything), `text` (UTF-8) or
`xml` (one well-formed document). Batches pass as a whole where that can be told at C speed.
"""

from collections.abc import Callable, Iterator
from typing import Final, Literal, NamedTuple

from bridge.protocol.framing import split

Kind = Literal["xml", "text", "bytes"]


class Fault(NamedTuple):
    """Why a message is refused: a problem code and a sentence."""

    code: str
    detail: str


class Located(NamedTuple):
    """A message that may not pass: `batch[start:end]`, its zero byte included."""

    start: int
    end: int
    fault: Fault


Check = Callable[[bytes], Fault | None]
"""Look at one message of valid UTF-8; `None` lets it pass."""

NOT_UTF8: Final = Fault("bad-encoding", "the message is not UTF-8")


def is_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8. A zero byte never belongs to a longer character, so a batch is
    UTF-8 exactly if each of its messages is."""
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


CHECKED_TURN_BYTES: Final = 1 << 10
"""200 of the smallest XML messages, whose checks take 2 ms; of the smallest bad ones 25 ms."""
UNCHECKED_TURN_BYTES: Final = 1 << 16
"""About as long as 100 of the smallest messages: UTF-8 is checked at a gigabyte a second."""


class Guard:
    """Checks the messages that go up to one daemon.

    `check` sees each message that is no longer than `max_message_bytes` and valid UTF-8; without
    one the guard is content with that. So much as `turn_bytes` may be shown to it before others in
    the same event loop have their turn.
    """

    def __init__(self, kind: Kind, max_message_bytes: int, check: Check | None = None) -> None:
        self.kind: Final = kind
        self.max_message_bytes: Final = max_message_bytes
        self.is_text: Final = kind != "bytes"
        self._check = check
        self.turn_bytes: Final = UNCHECKED_TURN_BYTES if check is None else CHECKED_TURN_BYTES

    def passes(self, batch: bytes) -> bool:
        """Whether all messages of the batch may pass and that can be told of it as a whole."""
        fits = self._check is None and len(batch) <= self.max_message_bytes + 1
        return fits and (not self.is_text or is_utf8(batch))

    def faults(self, batch: bytes) -> Iterator[Located]:
        """The messages of the batch that may not pass, in order; each is looked at when its turn
        comes."""
        if self.passes(batch):
            return
        start = 0
        for message in split(batch):
            end = start + len(message) + 1
            fault = self._fault_of(message)
            if fault is not None:
                yield Located(start, end, fault)
            start = end

    def oversize(self) -> Fault:
        """The fault of a message above the limit."""
        limit = self.max_message_bytes
        return Fault("message-too-big", f"the message is longer than {limit} bytes")

    def _fault_of(self, message: bytes) -> Fault | None:
        if len(message) > self.max_message_bytes:
            return self.oversize()
        if self.is_text and not is_utf8(message):
            return NOT_UTF8
        if self._check is not None and message:
            return self._check(message)
        return None

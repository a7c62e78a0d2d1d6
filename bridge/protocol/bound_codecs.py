"""The two WebSocket forms for clients that know nothing of this bridge: plain and raw.

Plain: one frame is one message. Raw: frames are pieces of the byte stream and mean nothing. A codec
turns the pieces of a client's frames into batches, and batches into frames for the client.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, repeat
from typing import Final, Protocol

from bridge.protocol.checks import NOT_UTF8, Fault, Guard
from bridge.protocol.down_log import Batch
from bridge.protocol.frames import (
    BINARY,
    TEXT,
    CloseStatus,
    FrameError,
    data_opcode,
    frame,
    header,
)
from bridge.protocol.framing import (
    ZERO,
    MessageDecoder,
    Oversize,
    Pieces,
    count,
    join,
    split,
)

INNER_ZERO: Final = Fault("bad-encoding", "a frame is one message, a zero byte may only end it")


class BoundCodec(Protocol):
    """What the sockets of both forms need."""

    @property
    def is_checked(self) -> bool:
        """Whether `feed` yields batches for the guard; otherwise bytes that go on untouched."""
        ...

    def feed(self, opcode: int, payloads: list[bytes], final: bool) -> Iterable[bytes | Fault]:
        """Take messages and, where it is not `final`, a piece of one at the end; give what they
        complete, and last the fault of a message that cannot be held. Raises `FrameError` for
        frames of the wrong kind."""
        ...

    def encode(self, batch: Batch) -> tuple[bytes, ...]:
        """The frames that bring this to the client, to be written one after the other."""
        ...


class PlainCodec:
    """One text frame (binary for a daemon of bytes) for each message, both ways."""

    is_checked = True

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._opcode = data_opcode(guard.is_text)
        self._pieces = Pieces()

    def feed(self, opcode: int, payloads: list[bytes], final: bool) -> Iterable[bytes | Fault]:
        """A trailing zero byte is tolerated, any other one is a fault."""
        if opcode != self._opcode:
            kind = "text" if self._guard.is_text else "binary"
            raise FrameError(CloseStatus.UNSUPPORTED_DATA, f"messages go in {kind} frames here")
        if final and not self._pieces.size:
            batch = join(payloads)
            if count(batch) == len(payloads):
                return (batch,)
        return self._one_by_one(payloads, final)

    def _one_by_one(self, payloads: list[bytes], final: bool) -> Iterator[bytes | Fault]:
        *messages, last = payloads
        for message in messages:
            yield from self._take(message, final=True)
        yield from self._take(last, final=final)

    def _take(self, payload: bytes, *, final: bool) -> Iterator[bytes | Fault]:
        if not final or self._pieces.size:
            self._pieces.append(payload)
            if self._pieces.size > self._guard.max_message_bytes + 1:
                yield self._guard.oversize()
                return
            if not final:
                return
            payload = self._pieces.take()
        message = payload if payload.endswith(ZERO) else payload + ZERO
        yield message if count(message) == 1 else INNER_ZERO

    def encode(self, batch: Batch) -> tuple[bytes, ...]:
        """Many messages in one piece of bytes."""
        if batch.first == batch.last:
            return frame(self._opcode, batch.data[:-1])
        messages = split(batch.data)
        headers = map(header, repeat(self._opcode), map(len, messages))
        return (b"".join(chain.from_iterable(zip(headers, messages, strict=True))),)


class RawCodec:
    """The daemon's byte stream in binary frames. What goes up is cut into messages for the guard,
    unless the daemon's are bytes: no transport goes round it."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._decoder = MessageDecoder(guard.max_message_bytes)
        self.is_checked = guard.is_text

    def feed(self, opcode: int, payloads: list[bytes], final: bool) -> Iterable[bytes | Fault]:
        """Frames and their boundaries mean nothing."""
        if opcode != BINARY:
            raise FrameError(CloseStatus.UNSUPPORTED_DATA, "bytes go in binary frames here")
        if not self.is_checked:
            return payloads
        try:
            batch = self._decoder.feed(b"".join(payloads))
            return [batch] if batch else []
        except Oversize as oversize:
            return [oversize.before, self._guard.oversize()]

    def encode(self, batch: Batch) -> tuple[bytes, ...]:
        """One frame."""
        return frame(BINARY, batch.data)


def breach(fault: Fault, opcode: int) -> FrameError:
    """How a refused message ends its socket (RFC 6455 section 7.4.1)."""
    reason = f"{fault.code}: {fault.detail}"
    if fault.code == "message-too-big":
        return FrameError(CloseStatus.MESSAGE_TOO_BIG, reason)
    if fault == NOT_UTF8 and opcode == TEXT:
        return FrameError(CloseStatus.INVALID_DATA, reason)
    return FrameError(CloseStatus.POLICY_VIOLATION, reason)

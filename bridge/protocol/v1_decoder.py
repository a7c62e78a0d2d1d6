"""What the frames of an `xmlsocket.v1` client mean: batches, control texts, or a broken rule."""

from collections.abc import Iterable, Iterator
from itertools import repeat
from typing import Final, NamedTuple

from bridge.protocol.checks import Fault, Guard
from bridge.protocol.frames import BINARY, TEXT, CloseStatus, FrameError
from bridge.protocol.framing import ZERO, MessageDecoder, Oversize

CONTROL_TEXT_BYTES: Final = 4096
"""A control text may be so long, however short the messages of the daemon have to be."""


class ControlText(NamedTuple):
    """A text frame without a zero byte."""

    text: bytes


Item = bytes | Fault | ControlText
"""A batch; a message refused unseen because it is too big to be held; a control frame."""


class V1Decoder:
    """Feed it a socket's messages. Batches are passed on as they are complete, also from the middle
    of a fragmented message. What is too big but could be held is left to the guard."""

    def __init__(self, guard: Guard, control_text_bytes: int = CONTROL_TEXT_BYTES) -> None:
        self._guard = guard
        self._data_opcode: Final = TEXT if guard.is_text else BINARY
        self._decoder = MessageDecoder(max(guard.max_message_bytes, control_text_bytes))
        self._fragmented = False
        self._is_data = False

    @property
    def held_bytes(self) -> int:
        """How much of an unfinished message is held."""
        return self._decoder.held_bytes

    def feed(self, opcode: int, payloads: list[bytes], final: bool) -> Iterable[Item]:
        """Give what the messages complete, and the piece at the end where it is not `final`. Raises
        `FrameError` for a broken rule, behind the sound items."""
        if final and not self._fragmented:
            return map(self._whole, repeat(opcode), payloads)
        return self._in_pieces(opcode, payloads, final)

    def _in_pieces(self, opcode: int, payloads: list[bytes], final: bool) -> Iterator[Item]:
        *messages, last = payloads
        for message in messages:
            yield from self._piece(opcode, message, final=True)
        yield from self._piece(opcode, last, final=final)

    def _piece(self, opcode: int, payload: bytes, *, final: bool) -> Iterator[Item]:
        if final and not self._fragmented:
            yield self._whole(opcode, payload)
            return
        self._fragmented = not final
        if opcode == BINARY:
            self._check_kind(opcode)
        for item in self._items(payload):
            self._check_kind(opcode)
            self._is_data = True
            yield item
        if final:
            yield from self._end(opcode)

    def _items(self, payload: bytes) -> Iterator[bytes | Fault]:
        """Of what is too big to be held it is told when its zero byte comes: without one it is no
        message."""
        while True:
            try:
                batch = self._decoder.feed(payload)
            except Oversize as oversize:
                if oversize.before:
                    yield oversize.before
                if self._decoder.skipping:
                    return
                yield self._guard.oversize()
                payload = oversize.rest
            else:
                if batch:
                    yield batch
                return

    def _end(self, opcode: int) -> Iterator[Item]:
        """A fragmented message is complete: without any data in it, it is a control frame."""
        is_data = self._is_data or self._decoder.skipping
        unfinished = self._decoder.unfinished
        rest = self._decoder.take_unfinished()
        self._is_data = False
        if not is_data:
            yield self._whole(opcode, rest)
        elif unfinished:
            raise unterminated()

    def _whole(self, opcode: int, payload: bytes) -> Item:
        if opcode == TEXT and ZERO not in payload:
            return ControlText(payload)
        self._check_kind(opcode)
        if not payload.endswith(ZERO):
            raise unterminated()
        return payload

    def _check_kind(self, opcode: int) -> None:
        if opcode != self._data_opcode:
            kind = "text" if self._data_opcode == TEXT else "binary"
            raise FrameError(CloseStatus.UNSUPPORTED_DATA, f"messages go in {kind} frames here")


def unterminated() -> FrameError:
    """A data frame whose last message does not end."""
    return FrameError(
        CloseStatus.PROTOCOL_ERROR, "each message of a data frame ends in a zero byte"
    )

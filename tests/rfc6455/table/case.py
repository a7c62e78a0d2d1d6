"""What a row of the tables says, and the words it is written in."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from tests.rfc6455.frame import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Frame

PROTOCOL_ERROR: Final = 1002
INVALID_DATA: Final = 1007
NORMAL: Final = 1000


@dataclass(frozen=True, slots=True)
class Case:
    """Frames that a client sends, and what a server has to make of them.

    The name begins with its number among the categories of the Autobahn test suite, `section` is
    that of RFC 6455. The `messages` reach the daemon and come back, the `pongs` are sent, and last
    a Close frame with `status` (`NO_STATUS`: without one); `None` leaves the connection open. Of a
    message that does not end, `unfinished` has come. Where `is_about_text`, binary frames would
    make another case of it.
    """

    name: str
    section: str
    send: tuple[Frame, ...]
    messages: tuple[bytes, ...] = ()
    pongs: tuple[bytes, ...] = ()
    status: int | None = None
    unfinished: bytes = b""
    is_about_text: bool = False

    @property
    def stream(self) -> bytes:
        """All that the client sends."""
        return b"".join(frame.encode() for frame in self.send)


text = partial(Frame, TEXT)
binary = partial(Frame, BINARY)
more = partial(Frame, CONTINUATION)
ping = partial(Frame, PING)
pong = partial(Frame, PONG)
close_frame = partial(Frame, CLOSE)


def close(status: int, reason: bytes = b"") -> Frame:
    """A Close frame with a code."""
    return close_frame(status.to_bytes(2) + reason)


def fragments(opcode: int, *payloads: bytes) -> tuple[Frame, ...]:
    """A message in so many frames."""
    last = len(payloads) - 1
    return tuple(
        Frame(CONTINUATION if index else opcode, payload, fin=index == last)
        for index, payload in enumerate(payloads)
    )


def pieces(payload: bytes, size: int) -> list[bytes]:
    """The payload cut every so many bytes."""
    return [payload[start : start + size] for start in range(0, len(payload), size)]

"""What a session knows, without any I/O: its state, its close code and its two numbered logs.

All of it is plain values, so it can be tested without a socket and written down.
"""

from itertools import takewhile

from bridge.errors import ENDS, CloseCode, End
from bridge.protocol.charset import Charset, CharsetDecoder
from bridge.protocol.checks import Guard, is_utf8
from bridge.protocol.down_log import DownLog
from bridge.protocol.framing import MessageDecoder, Oversize, join, split
from bridge.protocol.lifecycle import Event, State, after
from bridge.protocol.up_log import UpLog


class SessionCore:
    """Feed it what the daemon sends; ask it what the client may have and may send.

    With `framed=False` the daemon's bytes are logged as they come, without a look at messages (the
    raw transport): each read then counts as one message. With a `charset` the logs are UTF-8 and
    the daemon is not.
    """

    __slots__ = (
        "_charset_decoder",
        "_decoder",
        "down",
        "down_bytes",
        "end",
        "guard",
        "is_framed",
        "state",
        "up",
    )

    def __init__(
        self, guard: Guard, *, framed: bool = True, charset: Charset | None = None
    ) -> None:
        self.is_framed = framed  # whether the down log counts messages, not reads
        self.guard = guard
        self.state = State.OPEN
        self.end: End | None = None
        self.down = DownLog()
        self.down_bytes = 0
        self.up = UpLog(guard)
        is_usual = framed and charset is None
        self._decoder = MessageDecoder(guard.max_message_bytes) if is_usual else None
        self._charset_decoder = None if charset is None else CharsetDecoder(charset, framed=framed)

    def __repr__(self) -> str:
        end = f" {self.end.code}" if self.end else ""
        return f"<SessionCore {self.state.name}{end} {self.down!r} {self.up!r}>"

    @property
    def held_bytes(self) -> int:
        """What the client has not acknowledged, and what the daemon has not finished."""
        if self._decoder is not None:
            return self.down.held_bytes + self._decoder.held_bytes
        unfinished = self._charset_decoder.held_bytes if self._charset_decoder is not None else 0
        return self.down.held_bytes + unfinished

    @property
    def is_open(self) -> bool:
        """Whether up messages are still accepted."""
        return self.end is None

    @property
    def tail_received(self) -> bool:
        """Whether the session has ended and the client has acknowledged all that was kept."""
        return not self.is_open and not self.down.holds

    def receive(self, data: bytes) -> CloseCode | None:
        """Log what the daemon sent. A close code says that it cannot be passed on and the session
        must end; the messages before the fault are in the log."""
        self.down_bytes += len(data)
        if self._decoder is None:
            return self._receive_otherwise(data)
        code = None
        try:
            batch = self._decoder.feed(data)
        except Oversize as oversize:
            batch, code = oversize.before, CloseCode.MESSAGE_TOO_BIG
        if self.guard.is_text and not is_utf8(batch):
            batch, code = sound_part(batch), CloseCode.BAD_ENCODING
        if batch:
            self.down.append(batch)
        return code

    def _receive_otherwise(self, data: bytes) -> CloseCode | None:
        code = None
        if self._charset_decoder is not None:
            data, code = self._charset_decoder.feed(data)
        if data and self.is_framed:
            self.down.append(data)
        elif data:
            self.down.append_chunk(data)
        return code

    def finish(self, end: End) -> None:
        """End, once. The unfinished message is dropped and, unless the code keeps it, the tail."""
        self.state = after(self.state, Event.END)
        self.end = end
        if self._decoder is not None:
            self._decoder.take_unfinished()
        if self._charset_decoder is not None:
            self._charset_decoder.drop_unfinished()
        if not ENDS[end.code].keeps_tail:
            self.down.drop()

    def forget(self) -> None:
        """The end of the end: nothing of the session is held any more."""
        self.state = after(self.state, Event.FORGET)
        self.down.drop()


def sound_part(batch: bytes) -> bytes:
    """The messages in front of the first one that is not UTF-8."""
    return join(list(takewhile(is_utf8, split(batch))))

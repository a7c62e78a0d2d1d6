"""A daemon that does not speak UTF-8: clients do all the same.

Its bytes are made UTF-8 before they are logged, and messages for it are made its own after they
have been checked. Both sides mean the same by a zero byte, so messages stay messages. Limits count
what the daemon sees.
"""

import codecs
from typing import Final, Literal

from bridge.errors import CloseCode
from bridge.protocol.checks import Check, Fault
from bridge.protocol.framing import ZERO, MessageDecoder, Oversize, join, split

Errors = Literal["strict", "replace"]

UTF8_GROWTH: Final = 3
"""No character of these encodings takes more than three times its bytes in UTF-8; nor does U+FFFD,
which stands for one byte at least."""


class Charset:
    """An encoding, what is done about characters that do not fit, and the daemon's limit."""

    __slots__ = ("_errors", "_name", "max_message_bytes")

    def __init__(self, name: str, errors: Errors, max_message_bytes: int) -> None:
        self._name = name
        self._errors = errors
        self.max_message_bytes = max_message_bytes

    def __repr__(self) -> str:
        return f"<Charset {self._name} {self._errors}>"

    @property
    def max_utf8_bytes(self) -> int:
        """What no message can be longer than that the daemon may see."""
        return self.max_message_bytes * UTF8_GROWTH

    def encode(self, batch: bytes) -> bytes:
        """A batch as the daemon gets it. Raises `UnicodeError` for what has no form there; nothing
        that `CharsetCheck` lets pass is of that kind."""
        return batch.decode().encode(self._name, self._errors)

    def decode(self, message: bytes) -> bytes:
        """A whole message of the daemon's as UTF-8. Raises `UnicodeError` for what is none."""
        return message.decode(self._name, self._errors).encode()

    def seen(self, message: bytes) -> bytes:
        """What the daemon will see of a message of the bridge's, as UTF-8. What Python itself could
        not read again is U+FFFD."""
        return message.decode(self._name, "replace").encode()

    def incremental(self) -> codecs.IncrementalDecoder:
        """For a message that comes in pieces."""
        return codecs.getincrementaldecoder(self._name)(self._errors)

    def has_none_for(self, character: str) -> Fault:
        """The fault of a message with a character that the encoding does not have."""
        detail = f"the daemon's encoding, {self._name}, has no U+{ord(character):04X}"
        return Fault("bad-encoding", detail)

    def detail_of(self, code: CloseCode) -> str:
        """How the end is told that the daemon has brought about; empty for the usual words."""
        if code is CloseCode.BAD_ENCODING:
            return f"the daemon sent bytes that are not {self._name}"
        return ""


class CharsetCheck:
    """A guard's check of messages that the daemon gets in its own encoding: what the `inner` one
    looks at is what the daemon will see there. A `?` in the place of some other character can end
    what was text, and make markup of what stands behind it."""

    def __init__(self, charset: Charset, inner: Check | None) -> None:
        self._charset = charset
        self._inner = inner

    def __call__(self, message: bytes) -> Fault | None:
        """Why the message may not pass."""
        try:
            encoded = self._charset.encode(message)
        except UnicodeEncodeError as error:
            return self._charset.has_none_for(error.object[error.start])
        limit = self._charset.max_message_bytes
        if len(encoded) > limit:
            detail = f"the message is longer than {limit} bytes in the daemon's encoding"
            return Fault("message-too-big", detail)
        return None if self._inner is None else self._inner(self._charset.seen(encoded))


class CharsetDecoder:
    """Turns the daemon's bytes, cut anywhere, into batches of UTF-8; with `framed=False` into
    pieces of UTF-8 that are not cut into messages."""

    __slots__ = ("_charset", "_messages", "_pieces")

    def __init__(self, charset: Charset, *, framed: bool) -> None:
        self._charset = charset
        self._messages = MessageDecoder(charset.max_message_bytes) if framed else None
        self._pieces = charset.incremental()

    @property
    def held_bytes(self) -> int:
        """How much of an unfinished message is held."""
        return 0 if self._messages is None else self._messages.held_bytes

    def drop_unfinished(self) -> None:
        """Nothing more comes."""
        if self._messages is not None:
            self._messages.take_unfinished()

    def feed(self, data: bytes) -> tuple[bytes, CloseCode | None]:
        """What the next bytes complete, maybe nothing. With a close code it is what came before the
        fault, and nothing more may be fed."""
        if self._messages is None:
            return self._feed_pieces(data)
        code: CloseCode | None = None
        try:
            batch = self._messages.feed(data)
        except Oversize as oversize:
            batch, code = oversize.before, CloseCode.MESSAGE_TOO_BIG
        sound: list[bytes] = []
        for message in split(batch) if batch else ():
            try:
                sound.append(self._charset.decode(message))
            except UnicodeError:
                code = CloseCode.BAD_ENCODING
                break
        return join(sound) if sound else b"", code

    def _feed_pieces(self, data: bytes) -> tuple[bytes, CloseCode | None]:
        """A zero byte ends whatever character was begun."""
        *ended, begun = data.split(ZERO)
        sound: list[str] = []
        for piece in ended:
            if not self._decode(piece + ZERO, sound):
                return "".join(sound).encode(), CloseCode.BAD_ENCODING
        code = None if self._decode(begun, sound) else CloseCode.BAD_ENCODING
        return "".join(sound).encode(), code

    def _decode(self, piece: bytes, sound: list[str]) -> bool:
        """Whether the piece can be decoded; otherwise as much of it as can."""
        pieces = self._pieces
        state = pieces.getstate()
        try:
            sound.append(pieces.decode(piece))
        except UnicodeError:
            pieces.setstate(state)
            self._decode_to_the_fault(piece, sound)
            return False
        return True

    def _decode_to_the_fault(self, piece: bytes, sound: list[str]) -> None:
        for place in range(len(piece)):
            try:
                sound.append(self._pieces.decode(piece[place : place + 1]))
            except UnicodeError:
                return

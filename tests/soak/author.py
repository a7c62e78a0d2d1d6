"""What messages say: who writes and the number decide it, so that nobody has to keep them."""

from hashlib import blake2b
from typing import Final, Literal

Kind = Literal["xml", "text", "bytes"]

FILLER: Final = ("0123456789 <&> äöü ßéЖ 中文字 \u2028 \U0001f600 " * 700).encode()
SIZES: Final = (0, 0, 3, 8, 20, 60, 60, 150, 400, 1500, 9000, 30_000)
SCALE: Final = 997


def digest(*parts: bytes) -> bytes:
    """Sixteen bytes that stand for these."""
    return blake2b(b"\0".join(parts), digest_size=16).digest()


class Author:
    """Writes the messages of one direction of one session. A message is empty now and then, and of
    an XML daemon's messages some are no XML."""

    def __init__(self, name: str, kind: Kind, *, bad_share: float = 0.0) -> None:
        self.name = name
        self._kind = kind
        self._bad_share = bad_share

    def message(self, number: int) -> bytes:
        """The message of this number, always the same."""
        draw = digest(self.name.encode(), b"%d" % number)
        size = SIZES[draw[0] % len(SIZES)]
        if draw[1] < 12:
            return b""
        head = f"{self.name} {number} ".encode()
        filler = FILLER[:size].decode(errors="ignore").encode()
        match self._kind:
            case "bytes":
                return head + bytes(255 - byte or 7 for byte in filler[:200]) + filler[200:]
            case "text":
                return head + filler
            case "xml":
                text = filler.replace(b"&", b"&amp;").replace(b"<", b"&lt;")
                end = b"</oops>" if self.is_bad(number) else b"</m>"
                return b"<m>" + head + text + end

    def is_bad(self, number: int) -> bool:
        """Whether the bridge must refuse it."""
        draw = digest(self.name.encode(), b"%d" % number)
        return draw[1] >= 12 and draw[2] < 256 * self._bad_share


def name_in(message: bytes) -> str | None:
    """Who wrote it; `None` for an empty message."""
    return message.removeprefix(b"<m>").split(b" ", 1)[0].decode() if message else None


class Ledger:
    """The checksum of a numbered log, at each number: two logs agree up to `n` exactly if theirs
    do. `writer` is who wrote them, as far as known."""

    def __init__(self) -> None:
        self.writer: str | None = None
        self.bytes = 0
        self._chain = [b""]

    def __len__(self) -> int:
        return len(self._chain) - 1

    def __repr__(self) -> str:
        return f"<Ledger {len(self)} of {self.writer} {self._chain[-1].hex()[:8]}>"

    def add(self, message: bytes) -> None:
        """The next message."""
        self._chain.append(digest(self._chain[-1], message))
        self.bytes += len(message) + 1
        self.writer = self.writer or name_in(message)

    def at(self, number: int) -> bytes:
        """The checksum of the messages 1 to `number`."""
        return self._chain[number]

    def has(self, number: int, message: bytes) -> bool:
        """Whether this is what it holds under that number."""
        return self._chain[number] == digest(self._chain[number - 1], message)

    def begins_like(self, other: "Ledger") -> bool:
        """Whether this log is a beginning of the other one, or all of it."""
        return len(self) <= len(other) and self.at(len(self)) == other.at(len(self))

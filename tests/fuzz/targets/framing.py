"""Messages come out of a stream as `bytes.split` finds them, however it is cut; no more is held
than one message may have."""

from collections.abc import Iterator
from typing import Final

from bridge.protocol.framing import MessageDecoder, Oversize, chunks, count, join, offset_of, split
from tests.fuzz.dealt import Dealt, cut

WORDS: Final = (b"\0", b"\0\0", b"#", b"ab\0")
PAGE: Final = b"#" * 4096
"""What each `#` stands for: long pieces are kept in another way than short ones."""
MOST_PAGES: Final = 4
EXAMPLES: Final = (
    b"\1\2\3ab\0\0c\0#\0rest",
    b"\3\1\3ab\0#\0rest",
)


def check(data: bytes) -> None:
    dealt = Dealt(data)
    limit, way, size = dealt.one_of((1, 3, 40, 5000)), dealt.number(), dealt.number() + 1
    stream = dealt.rest().replace(b"#", PAGE, MOST_PAGES)
    decoder = MessageDecoder(limit)
    came = [message for piece in cut(stream, way) for message in fed(decoder, piece, limit)]
    *complete, tail = stream.split(b"\0")
    expected = [short(message, limit) for message in complete]
    assert came == expected + [None] * (len(tail) > limit)
    assert decoder.unfinished is bool(tail)
    assert decoder.take_unfinished() == (tail if len(tail) <= limit else b"")
    check_batch(stream[: len(stream) - len(tail)], complete, size)


def fed(decoder: MessageDecoder, piece: bytes, limit: int) -> Iterator[bytes | None]:
    """What comes out; `None` for a message that is too big."""
    was_told = decoder.skipping
    try:
        batch = decoder.feed(piece)
    except Oversize as oversize:
        yield from split(oversize.before)
        if not was_told:
            yield None
        yield from fed(decoder, oversize.rest, limit)
    else:
        assert decoder.held_bytes <= limit
        yield from split(batch)


def short(message: bytes, limit: int) -> bytes | None:
    return message if len(message) <= limit else None


def check_batch(batch: bytes, messages: list[bytes], size: int) -> None:
    """All that is done with a batch keeps to its messages."""
    assert count(batch) == len(messages)
    assert split(batch) == messages
    assert join(messages) == batch
    for index in (0, len(messages) // 2, len(messages)):
        assert offset_of(batch, index) == sum(len(message) + 1 for message in messages[:index])
    parts = list(chunks(batch, size))
    assert b"".join(parts) == batch
    assert all(part.endswith(b"\0") for part in parts)
    assert all(len(part) <= size or part.count(0) == 1 for part in parts)

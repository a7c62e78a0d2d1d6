"""What crosses: messages of every size and every byte, the same for the same seed."""

import random
from collections.abc import Iterator

MIB = 1 << 20
ALPHABET = 'aZ09 <>&"\n\tßéЖ中文字\u2028\U0001f600\U0001f980'
TYPICAL_BYTES = (0, 1, 2, 3, 10, 60, 100, 300, 1000)
LARGE_BYTES = (4096, 65535, 65536, 65537, 300_000, MIB - 1, MIB)

# A stream is cut into pieces of such sizes; the small ones cut characters in two.
PIECE_BYTES = (1, 2, 3, 5, 7, 50, 1000, 16_384, 70_000, 300_000)


def sizes(rng: random.Random, count: int) -> list[int]:
    """Mostly small, each large one twice, in any order."""
    large = [*LARGE_BYTES, *LARGE_BYTES]
    small = [rng.choice(TYPICAL_BYTES) for _ in range(count - len(large))]
    mixed = small + large
    rng.shuffle(mixed)
    return mixed


def text_messages(seed: int, count: int) -> list[bytes]:
    """UTF-8 of one to four bytes a character, no longer than the size drawn."""
    rng = random.Random(seed)
    texts = ["".join(rng.choices(ALPHABET, k=997)).encode() for _ in range(8)]
    return [whole_characters(rng.choice(texts), size) for size in sizes(rng, count)]


def whole_characters(text: bytes, size: int) -> bytes:
    """The text repeated to `size` bytes, filled up with spaces where a character does not fit."""
    cut = (text * (size // len(text) + 1))[:size].decode(errors="ignore").encode()
    return cut.ljust(size)


def bytes_messages(seed: int, count: int) -> list[bytes]:
    """Every byte value but zero."""
    rng = random.Random(seed)
    blocks = [bytes(rng.choices(range(1, 256), k=4096)) for _ in range(8)]
    return [(rng.choice(blocks) * (size // 4096 + 1))[:size] for size in sizes(rng, count)]


def pieces(seed: int, stream: bytes) -> Iterator[bytes]:
    """The stream, cut at every byte at first and anywhere later."""
    rng = random.Random(seed)
    position = 0
    while position < len(stream):
        size = 1 if position < 2000 else rng.choice(PIECE_BYTES)
        yield stream[position : position + size]
        position += size

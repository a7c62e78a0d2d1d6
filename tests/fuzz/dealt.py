"""Bytes taken apart: small choices from their front, material behind them.

However short the bytes are, there is always a next choice; it is 0 then. So each input means
something, and one that is cut short means nearly the same.
"""

from itertools import pairwise
from random import Random
from typing import Final, TypeVar

T = TypeVar("T")

WHOLE: Final = 0
BYTE_BY_BYTE: Final = 1
MOST_CUTS: Final = 12


class Dealt:
    """What is left of the bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __bool__(self) -> bool:
        return bool(self._data)

    def number(self, most: int = 0xFF) -> int:
        """0 to `most`, from one byte, or from as many as it takes."""
        return int.from_bytes(self.take((most.bit_length() + 7) // 8)) % (most + 1)

    def one_of(self, choices: tuple[T, ...]) -> T:
        """One of at most 256."""
        return choices[self.number(len(choices) - 1)]

    def take(self, size: int) -> bytes:
        """The next bytes, fewer at the end."""
        taken, self._data = self._data[:size], self._data[size:]
        return taken

    def part(self) -> bytes:
        """Up to 255 bytes, behind one that says how many."""
        return self.take(self.number())

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(len(self._data))


def cut(stream: bytes, way: int) -> list[bytes]:
    """The stream in chunks: whole, byte by byte, or at some places that `way` stands for."""
    if way == WHOLE:
        return [stream]
    if way == BYTE_BY_BYTE:
        return [stream[place : place + 1] for place in range(len(stream))]
    random = Random(way)
    places = {random.randrange(len(stream) + 1) for _ in range(random.randint(1, MOST_CUTS))}
    return [stream[start:end] for start, end in pairwise(sorted({0, len(stream), *places}))]

"""Whether a stream arrives while it is being written: judged by when its pieces came."""

from collections.abc import Sequence
from statistics import median
from typing import Final, NamedTuple

from bridge.doctor.finding import Finding

AT_ONCE_MS: Final = 100.0
"""Where half of the pieces are later than this, somebody holds them back: one that stumbles now and
then is late with a few."""
AT_THE_END_MS: Final = 250.0
"""A first piece that comes so near to the end of the stream came with it."""
TOGETHER_MS: Final = 5.0
"""Pieces that come closer to each other than this came together; they are written at three times
that distance."""


class Piece(NamedTuple):
    """Where in the stream it ends, when it was written and when it came, each by a clock of its
    own."""

    end_bytes: int
    written_ms: float
    came_ms: float


def judged(pieces: Sequence[Piece]) -> Finding:
    """What the times of all pieces say. The one that was least late tells how the clocks differ."""
    if not pieces:
        return Finding("stream", "fails", {"detail": "it is empty"})
    clocks_ms = min(piece.came_ms - piece.written_ms for piece in pieces)
    first, last = pieces[0], pieces[-1]
    late_ms = median(piece.came_ms - piece.written_ms for piece in pieces) - clocks_ms
    if late_ms < AT_ONCE_MS:
        return Finding("stream", "works")
    if first.came_ms - clocks_ms >= last.written_ms - AT_THE_END_MS:
        return Finding("stream", "held")
    return Finding("stream", "buffered", {"bytes": most_together(pieces)})


def most_together(pieces: Sequence[Piece]) -> int:
    """The bytes that came at once after a while without any, at the most."""
    ends = [0, *(piece.end_bytes for piece in pieces)]
    most, began = 0, 0
    for number, piece in enumerate(pieces):
        if number and piece.came_ms - pieces[number - 1].came_ms > TOGETHER_MS:
            began = number
        most = max(most, ends[number + 1] - ends[began])
    return most

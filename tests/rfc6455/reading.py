"""What a server makes of a client's bytes, in a form that all readers can be compared in."""

from dataclasses import dataclass
from typing import Final

NO_STATUS: Final = 1005
"""RFC 6455 section 7.1.5: stands for a Close frame without a code."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Messages, Pings and Pongs in the order in which they ended; what has come of a message that
    has not; and the code of the Close frame that the server sends, or `None` if it sends none."""

    said: tuple[tuple[int, bytes], ...]
    unfinished: bytes
    status: int | None

"""What is measured, and how it is written."""

from enum import Enum
from math import floor, log10
from typing import Final

SIGNIFICANT_DIGITS: Final = 3


class Figure(Enum):
    """Each with the title of its column."""

    RATE = "messages/s"
    CPU = "CPU µs/message"
    P50 = "median µs"
    P99 = "99th percentile µs"
    OPENS = "sessions/s"
    OPEN_CPU = "CPU µs/session"
    MEMORY = "KB/session"
    PUSH = "ms to the last"
    SYSTEM_BUSY = "its core busy"
    OTHERS = "others on it"
    LOAD_BUSY = "load's core busy"

    @property
    def grows(self) -> bool:
        """Whether more is better."""
        return self in {Figure.RATE, Figure.OPENS}

    @property
    def is_share(self) -> bool:
        """Whether it is a part of one, which is written in percent."""
        return self in {Figure.SYSTEM_BUSY, Figure.OTHERS, Figure.LOAD_BUSY}

    def written(self, value: float) -> str:
        """With as many digits as mean something."""
        return f"{value:.0%}" if self.is_share else rounded(value)


def rounded(value: float) -> str:
    """To three digits, thousands apart: 84,100 and 0.697 and 1.20."""
    if value == 0:
        return "0"
    digits = SIGNIFICANT_DIGITS - 1 - floor(log10(abs(value)))
    return f"{round(value, digits):,.{max(0, digits)}f}"

"""`to-ports`: the ports of its own host that a policy grants."""

import re
from dataclasses import dataclass
from typing import Final, Self

from bridge.config.address import FIRST_UNPRIVILEGED_PORT, MAX_PORT

ITEM: Final = re.compile(
    r"\s*(?:(?P<any>\*)|(?P<first>[0-9]{1,5})(?:\s*-\s*(?P<last>[0-9]{1,5}))?)\s*"
)


@dataclass(frozen=True, slots=True)
class Ports:
    """Ranges of ports, both ends included."""

    ranges: tuple[tuple[int, int], ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """`*`, or ports and ranges like `507,516-523`. Raises `ValueError` if any part of it is
        something else: a slip must not grant what nobody meant."""
        return cls(tuple(map(_range, text.split(","))))

    def __contains__(self, port: int) -> bool:
        return any(first <= port <= last for first, last in self.ranges)


def may_grant(source: int, port: int) -> bool:
    """Whether a policy served from port `source` may speak for `port` at all.

    On Unix only the system's own services listen below 1024. So one from there speaks for the whole
    host; any other may be a mere user's, and speaks for the ports that users have.
    """
    return source < FIRST_UNPRIVILEGED_PORT or port >= FIRST_UNPRIVILEGED_PORT


def _range(item: str) -> tuple[int, int]:
    found = ITEM.fullmatch(item)
    if found is None:
        raise ValueError(f"{item!a} is no port and no range of ports")
    if found["any"]:
        return 0, MAX_PORT
    first = int(found["first"])
    last = int(found["last"] or first)
    if not 0 < first <= last <= MAX_PORT:
        raise ValueError(f"{item!a} is no range of ports from 1 to {MAX_PORT}")
    return first, last

"""How an attempt to carry a session over one connection comes out."""

from dataclasses import dataclass, field
from typing import Final

from bridge.doctor.obstacle import in_words


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection is gone, the session may live. `worked`: data had made the round trip before;
    `retry_after_s`: how long the bridge wants to be left alone; `cause`: what broke the connection,
    if that is known."""

    worked: bool = False
    retry_after_s: float = 0.0
    cause: Exception | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Left:
    """Given up by ourselves, for a better connection or at the end."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The session is over. `failed` sets apart what should not have happened, and what the bridge
    may not know, from an end that one of both sides wished for; `cause` is what `detail` tells of,
    where that was an exception."""

    code: str
    detail: str = ""
    failed: bool = False
    retry_after_s: float = 0.0
    cause: Exception | None = field(default=None, compare=False, repr=False)


Outcome = Lost | Left | Ended

LEFT: Final = Left()
CLOSED: Final = Ended("client-closed")


def because(cause: Exception | None) -> str:
    """What a detail says of its cause, which may not be known."""
    return "" if cause is None else f": {in_words(cause)}"

"""How an attempt to carry a session over one connection comes out."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection is gone, the session may live. `worked`: data had made the round trip before;
    `retry_after_s`: how long the bridge wants to be left alone."""

    worked: bool = False
    retry_after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Left:
    """Given up by ourselves, for a better connection or at the end."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The session is over. `failed` sets apart what should not have happened, and what the bridge
    may not know, from an end that one of both sides wished for."""

    code: str
    detail: str = ""
    failed: bool = False
    retry_after_s: float = 0.0


Outcome = Lost | Left | Ended

LEFT: Final = Left()
CLOSED: Final = Ended("client-closed")

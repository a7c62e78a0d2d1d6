"""The life of a session: one Enum, one table.

    OPEN --end--> ENDED --forget--> FORGOTTEN

A session is OPEN from the moment the daemon's connection stands. ENDED, it has a close code; the
tail of its down log may still be received, and late requests are told the code. FORGOTTEN, its id
is unknown again, and is never reused.
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final


class State(Enum):
    """Where a session stands."""

    OPEN = auto()
    ENDED = auto()
    FORGOTTEN = auto()


class Event(Enum):
    """What moves a session on."""

    END = auto()
    FORGET = auto()


TRANSITIONS: Final[Mapping[tuple[State, Event], State]] = {
    (State.OPEN, Event.END): State.ENDED,
    (State.ENDED, Event.FORGET): State.FORGOTTEN,
}


class IllegalTransition(Exception):
    """Our own bug: an event that has no place in this state."""


def after(state: State, event: Event) -> State:
    """The next state. Raises `IllegalTransition` for a pair that is not in the table."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalTransition(f"{event.name} in {state.name}") from None

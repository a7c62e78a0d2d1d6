"""How the bridge takes leave of its sessions: none is opened any more, those there are may finish,
the rest ends, and whoever comes back in time is told.

The registry takes the steps; here is where they stand and what is said on the way. The reasons are
in docs/decisions/008.
"""

import random
from enum import Enum, auto
from typing import Final

from bridge.errors import Problem

RETRY_AFTER_LEAST_S: Final = 5
RETRY_AFTER_MOST_S: Final = 30
"""What the registration of the close code 1012 in the IANA registry of RFC 6455 asks of clients:
"a randomized delay of 5 - 30s". The bridge makes the choice, since few of them would."""

TOLD_S: Final = 2.0
"""So long the bridge goes on serving those who have not heard of the end. A client between two
polls is back within a round trip, be it over a satellite or with a packet lost on the way."""


class Stage(Enum):
    """How far it has come; there is no way back."""

    SERVING = auto()
    DRAINING = auto()  # no new sessions; those that are open go on
    ENDING = auto()  # those that were left have ended with `shutdown`


def retry_after_s() -> int:
    """When one client may come back. All of them at once would be a crowd."""
    return random.randint(RETRY_AFTER_LEAST_S, RETRY_AFTER_MOST_S)


def refusal() -> Problem:
    """The answer to whoever wants a new session."""
    return Problem("draining", "the bridge is stopping", retry_after_s=retry_after_s())

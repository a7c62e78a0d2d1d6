"""What goes wrong on the way, drawn from a seed: the same seed brings the same faults in the same
order. Which request meets which fault depends on the order in which requests arrive."""

import random
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self


class Fault(StrEnum):
    """One thing that networks and proxies do."""

    DROP_REQUEST = "request dropped before it reached the bridge"
    CUT_REQUEST = "request cut in two, its second half dropped"
    DROP_ALL = "request delivered, then both connections reset"
    DROP_RESPONSE = "response dropped"
    TRUNCATE_RESPONSE = "response cut short"
    REPLAY = "request delivered twice, the first response dropped"
    REPLAY_AT_ONCE = "request delivered twice at the same time"
    DELAY = "request delivered late, others before it"
    STALL_UP = "bytes to the bridge stall"
    STALL_DOWN = "bytes to the client stall"
    DRIBBLE = "one byte at a time"
    BUFFER = "response held until it is complete"
    CUT_IDLE = "idle connection cut"
    REFUSE_UPGRADE = "upgrade refused"
    SWALLOW = "upgrade accepted, then nothing passes"
    CUT_FRAME = "WebSocket cut in mid-frame"


ON_REQUESTS = (
    Fault.DROP_REQUEST,
    Fault.CUT_REQUEST,
    Fault.DROP_ALL,
    Fault.DROP_RESPONSE,
    Fault.TRUNCATE_RESPONSE,
    Fault.REPLAY,
    Fault.REPLAY_AT_ONCE,
    Fault.DELAY,
    Fault.STALL_UP,
    Fault.STALL_DOWN,
    Fault.DRIBBLE,
    Fault.BUFFER,
    Fault.CUT_IDLE,
)
ON_SOCKETS = (
    Fault.REFUSE_UPGRADE,
    Fault.SWALLOW,
    Fault.CUT_FRAME,
    Fault.STALL_UP,
    Fault.STALL_DOWN,
    Fault.DRIBBLE,
    Fault.CUT_IDLE,
)


@dataclass(frozen=True, slots=True)
class Spell:
    """What one request or socket meets: a fault, or `None`.

    `after_bytes` pass before a cut or a stall; of a response whose length is known, `part` of it.
    `for_s` is how long a delay or a stall lasts, or a connection may be idle. `struck` is called
    when the fault takes effect: a cut behind the last byte never does.
    """

    fault: Fault | None = None
    after_bytes: int = 0
    part: float = 0.0
    for_s: float = 0.0
    struck: Callable[[], None] = lambda: None


CLEAR = Spell()

SpellFor = Callable[[bool], Spell]
"""Says what the next request meets, or where the argument is true, the next WebSocket."""


@dataclass
class Weather:
    """Draws a `Spell` for each request: with the chance `rate` one of `faults`.

    `met` counts those that took effect. After `clear_up` there are no more.
    """

    rng: random.Random
    rate: float = 0.0
    faults: Collection[Fault] = ()
    met: Counter[Fault] = field(default_factory=Counter)

    @classmethod
    def drawn(cls, seed: str) -> Self:
        """From a good network to a hopeless one, with three to all kinds of faults."""
        rng = random.Random(seed)
        faults = rng.sample(list(Fault), rng.randint(3, len(Fault)))
        return cls(rng, rng.choice((0.05, 0.15, 0.3, 0.45)), faults)

    def clear_up(self) -> None:
        """From now on everything gets through."""
        self.rate = 0.0

    def spell_for(self, is_socket: bool) -> Spell:
        """What the next request, or socket, meets."""
        here = ON_SOCKETS if is_socket else ON_REQUESTS
        possible = [fault for fault in here if fault in self.faults]
        if not possible or self.rng.random() >= self.rate:
            return CLEAR
        fault = self.rng.choice(possible)

        def struck() -> None:
            self.met[fault] += 1

        return Spell(
            fault,
            after_bytes=int(2 ** self.rng.uniform(0, 14)),
            part=self.rng.random(),
            for_s=self.rng.choice((0.02, 0.1, 0.4, 1.0, 4.0)),
            struck=struck,
        )

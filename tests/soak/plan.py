"""What happens in one run, all of it drawn from one seed."""

import math
import random
from dataclasses import dataclass
from typing import Final, Literal

from tests.soak.author import Kind

Leg = Literal["long-poll", "combined", "event-stream", "websocket", "idle"]
Bound = Literal["plain", "raw", "exchange"]
Ending = Literal["none", "close", "half-close", "reset"]

LEGS: Final[tuple[Leg, ...]] = ("long-poll", "combined", "event-stream", "websocket", "websocket")
KINDS: Final[tuple[Kind, ...]] = ("xml", "text", "text", "bytes")
MOST_BATCHES: Final = 15
"""In bad weather a batch may take seconds."""
LIBRARY_SHARE: Final = 0.4
"""Of the clients that resume, so many are those of `bridge.client`."""
ENDINGS: Final[tuple[Ending, ...]] = ("none", "none", "none", "close", "half-close", "reset")


@dataclass(frozen=True, slots=True)
class DaemonPart:
    """`flood` messages come unasked, and with `echoes` one for each up message. Reading stops after
    `stall_after` up messages (`None`: never) for `stall_s`. After `ends_after` up messages, and
    all that it has to say, it ends its stream in the way of `ending`."""

    echoes: bool
    flood: int
    stall_after: int | None
    stall_s: float
    ending: Ending
    ends_after: int

    @property
    def stalls_for_good(self) -> bool:
        """Whether reading, once it has stopped, does not go on."""
        return self.stall_s == math.inf


@dataclass(frozen=True, slots=True)
class ClientPart:
    """A client that resumes: `up` messages, by the transports in `legs`, one after the other and
    from the start again, each for `leg_s` at first, unless it breaks before. One that `is_library`
    chooses and changes transports by itself."""

    up: int
    batch: int
    legs: tuple[Leg, ...]
    leg_s: float
    opens_by_socket: bool
    is_library: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """One seed's worth of trouble."""

    seed: int
    kind: Kind
    bad_share: float
    daemon: DaemonPart
    clients: tuple[ClientPart, ...]
    bound: tuple[Bound, ...]
    bound_up: int
    outages_s: tuple[float, ...]

    @classmethod
    def drawn(cls, seed: int) -> "Plan":
        """The plan of this seed."""
        rng = random.Random(f"plan {seed}")
        kind = rng.choice(KINDS)
        up = rng.choice((3, 20, 60, 150))
        clients = tuple(
            client_part(rng, kind, up, is_library=is_library(seed, index))
            for index in range(rng.randint(1, 3))
        )
        bound: tuple[Bound, ...] = ("plain", "raw", "exchange")
        return cls(
            seed=seed,
            kind=kind,
            bad_share=rng.choice((0.0, 0.1)) if kind == "xml" else 0.0,
            daemon=daemon_part(rng, up),
            clients=clients,
            bound=tuple(rng.sample(bound, rng.randint(0, 2))),
            bound_up=rng.choice((1, 5, 40)),
            outages_s=tuple(rng.choice((0.1, 0.5, 1.2)) for _ in range(rng.choice((0, 0, 1, 2)))),
        )


def is_library(seed: int, index: int) -> bool:
    """Drawn by itself, so that all else in a plan is as it was before there was a library."""
    return random.Random(f"library {seed} {index}").random() < LIBRARY_SHARE


def client_part(rng: random.Random, kind: Kind, up: int, *, is_library: bool) -> ClientPart:
    """One client; an event stream carries text alone."""
    known = [leg for leg in LEGS if kind != "bytes" or leg != "event-stream"]
    legs: list[Leg] = rng.choices(known, k=rng.randint(1, 5))
    if rng.random() < 0.15:
        legs.append("idle")
    return ClientPart(
        up=up,
        batch=max(rng.choice((1, 3, 10, 50)), up // MOST_BATCHES),
        legs=tuple(legs),
        leg_s=rng.choice((0.1, 0.3, 1.0, 3.0)),
        opens_by_socket=rng.random() < 0.4,
        is_library=is_library,
    )


def daemon_part(rng: random.Random, up: int) -> DaemonPart:
    """The daemon's mood."""
    return DaemonPart(
        echoes=rng.random() < 0.7,
        flood=rng.choice((0, 0, 5, 100, 400)),
        stall_after=rng.choice((None, None, rng.randint(0, up))),
        stall_s=rng.choice((0.2, 1.0, math.inf)),
        ending=rng.choice(ENDINGS),
        ends_after=rng.choice((rng.randint(0, up), up)),
    )

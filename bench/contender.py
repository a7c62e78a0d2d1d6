"""Who takes part in a scenario, and what one of its turns gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bench.client import Work
from bench.cores import Cores
from bench.failure import Failure
from bench.figure import Figure
from bench.peers.peer import Peer

Figures = Mapping[Figure, float]


@dataclass(frozen=True, slots=True)
class Contender:
    """A peer under one sort of load; the name tells it from the others of its scenario."""

    name: str
    peer: Peer
    work: Work


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long a turn warms up and how long it is measured, in seconds."""

    warm_up_s: float
    measured_s: float


@dataclass(frozen=True, slots=True)
class Turn:
    """One contender, once."""

    contender: Contender
    cores: Cores
    lengths: Lengths


Measure = Callable[[Turn], Figures]
"""Raises `Failure` where the system fails or corrupts what it carries."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a turn gave: figures, or else the fault that leaves none."""

    figures: Figures = field(default_factory=dict)
    fault: str = ""


def sample(measure: Measure, turn: Turn) -> Sample:
    """Plays the turn."""
    try:
        return Sample(measure(turn))
    except Failure as failure:
        return Sample(fault=str(failure))

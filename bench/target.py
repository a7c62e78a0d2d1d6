"""What is aimed at, and whether it is reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from bench.figure import Figure
from bench.outcome import Outcome

Sense = Literal["≥", "≤"]

# What a message or a session costs, for each figure that says how many there were.
COSTS: Final = {Figure.RATE: Figure.CPU, Figure.OPENS: Figure.OPEN_CPU}


@dataclass(frozen=True, slots=True)
class Target:
    """`contender` has at least or at most `bound` times the figure of `beside`, or, where that is
    empty, at least or at most `bound`."""

    contender: str
    figure: Figure
    sense: Sense
    bound: float
    beside: str = ""

    def verdict(self, outcomes: Mapping[str, Outcome]) -> "Verdict":
        """Compares; a contender that has no figures cannot be compared with."""
        own = outcomes[self.contender]
        other = outcomes[self.beside] if self.beside else Outcome({self.figure: 1.0}, 0.0, "")
        if own.fault:
            return Verdict(self, met=False, note=f"{self.contender}: {own.fault}")
        if other.fault:
            return Verdict(self, met=None, note=f"{self.beside}: {other.fault}")
        value = own.figures[self.figure] / other.figures[self.figure]
        met = value >= self.bound if self.sense == "≥" else value <= self.bound
        return Verdict(self, value, self._by_cpu(own, other), met, self._note(own, other))

    def _by_cpu(self, own: Outcome, other: Outcome) -> float | None:
        cost = COSTS.get(self.figure)
        return other.figures[cost] / own.figures[cost] if cost and self.beside else None

    def _note(self, own: Outcome, other: Outcome) -> str:
        reserved = {self.contender: own.reservations, self.beside: other.reservations}
        return "; ".join(
            f"{name}: {', '.join(reservations)}"
            for name, reservations in reserved.items()
            if reservations
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """The `value` that was measured, `None` where there is none. `by_cpu` is what a ratio of rates
    would be if processor time alone decided, which the load cannot hold up. `met` is `None` where
    nothing can be said, because the other one has no figures."""

    target: Target
    value: float | None = None
    by_cpu: float | None = None
    met: bool | None = None
    note: str = ""

"""What is aimed at, and whether it is reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bench.figure import Figure
from bench.outcome import Outcome

Sense = Literal["≥", "≤"]


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
            return Verdict(self, None, met=False, note=f"{self.contender}: {own.fault}")
        if other.fault:
            return Verdict(self, None, met=None, note=f"{self.beside}: {other.fault}")
        value = own.figures[self.figure] / other.figures[self.figure]
        met = value >= self.bound if self.sense == "≥" else value <= self.bound
        return Verdict(self, value, met=met, note=self._note(own, other))

    def _note(self, own: Outcome, other: Outcome) -> str:
        bound = {self.contender: own.is_bound_by_load, self.beside: other.is_bound_by_load}
        names = [name for name, is_bound in bound.items() if is_bound]
        return f"bound by the load: {', '.join(names)}" if names else ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The `value` that was measured, `None` where there is none; `met` is `None` where nothing can
    be said, because the other one has no figures."""

    target: Target
    value: float | None
    met: bool | None
    note: str

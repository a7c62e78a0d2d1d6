"""What the rounds of a scenario come to: medians for each contender."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from bench.contender import Figures, Sample
from bench.figure import Figure

SATURATED: Final = 0.95
"""A core that is busy for more than this part of the time does what it can."""
UNDISTURBED: Final = 0.05
"""Who has less of a core than this hardly disturbs: the kernel itself may."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A contender's medians, and how far its main figure was apart, as a part of the median. After
    a fault in any of its turns there are no figures: a system that loses or alters messages has no
    rate, however quickly it does so."""

    figures: Figures
    spread: float
    fault: str

    @property
    def is_bound_by_load(self) -> bool:
        """Whether the system could have done more than it was given to do."""
        load, system = (
            self.figures.get(busy, 0.0) for busy in (Figure.LOAD_BUSY, Figure.SYSTEM_BUSY)
        )
        return load > SATURATED > system

    @property
    def reservations(self) -> Sequence[str]:
        """Why its rate is not all that the system can do."""
        reasons = {"bound by the load": self.is_bound_by_load, "disturbed": self.is_disturbed}
        return [reason for reason, holds in reasons.items() if holds]

    @property
    def is_disturbed(self) -> bool:
        """Whether something else took the system's core away from it."""
        return self.figures.get(Figure.OTHERS, 0.0) > UNDISTURBED


def outcome_of(samples: Sequence[Sample]) -> Outcome:
    """The medians of at least one sample; the first figure is the main one."""
    faults = [sample.fault for sample in samples if sample.fault]
    if faults:
        return Outcome({}, 0.0, faults[0])
    figures = {
        figure: median(sample.figures[figure] for sample in samples)
        for figure in samples[0].figures
    }
    main = next(iter(figures))
    values = [sample.figures[main] for sample in samples]
    return Outcome(figures, (max(values) - min(values)) / figures[main], "")

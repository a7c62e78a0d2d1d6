"""Made-up measurements."""

from bench.contender import Figures, Sample
from bench.figure import Figure
from bench.outcome import Outcome, outcome_of


def outcome(rate: float, **busy: float) -> Outcome:
    """Of one turn with this rate."""
    return outcome_of([Sample(figures(rate, **busy))])


def figures(
    rate: float, system_busy: float = 1.0, load_busy: float = 0.5, others: float = 0.0
) -> Figures:
    """What `traffic` gives, in short."""
    return {
        Figure.RATE: rate,
        Figure.CPU: system_busy * 1e6 / rate,
        Figure.SYSTEM_BUSY: system_busy,
        Figure.OTHERS: others,
        Figure.LOAD_BUSY: load_busy,
    }


def unsound(fault: str) -> Outcome:
    """Of a system that corrupted a message in one of its turns."""
    return outcome_of([Sample(figures(1000)), Sample(fault=fault)])

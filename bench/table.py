"""Tables in Markdown, which read well in a terminal too."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from bench.contenders import Variant
from bench.figure import Figure, rounded
from bench.outcome import Outcome
from bench.scenario import Result
from bench.target import Verdict

Row = Sequence[str]

NONE: Final = "-"
NUMBER: Final = re.compile(rf"[\d.,]+%?|{NONE}")
MET: Final = {True: "yes", False: "**no**", None: NONE}
RATIO: Final = ("scenario", "what", "of", "measured", "by CPU time")


def targets(results: Iterable[Result]) -> str:
    """Every target with what was measured, and whether that is enough."""
    rows = [
        (*_ratio(result, verdict), *_judged(verdict), verdict.note)
        for result in results
        for verdict in result.verdicts
    ]
    return table((*RATIO, "target", "met", "note"), rows)


def variant(which: Variant, results: Iterable[Result]) -> str:
    """The same figures of a variant of this bridge."""
    rows = [
        (*_ratio(result, verdict), verdict.note)
        for result in results
        for verdict in result.verdicts_about(which)
    ]
    return table((*RATIO, "note"), rows)


def outcomes(result: Result) -> str:
    """The medians of every contender, and how many times those of the first one they are."""
    first = next(iter(result.outcomes.values()))
    columns = next((list(each.figures) for each in result.outcomes.values() if each.figures), [])
    header = ("system", *(column.value for column in columns), "spread", "ratio", "note")
    rows = [
        (name, *_cells(each, columns), *_compared(each, first), _note(each))
        for name, each in result.outcomes.items()
    ]
    return table(header, rows)


def table(header: Row, rows: Iterable[Row]) -> str:
    """Columns as wide as their longest cell; numbers stand to the right."""
    columns = [_column(*cells) for cells in zip(header, *rows, strict=True)]
    return "\n".join(f"| {' | '.join(line)} |" for line in zip(*columns, strict=True))


def _column(title: str, *cells: str) -> Row:
    """All of its lines, padded to the same width; the second one is the rule."""
    width = max(map(len, (title, *cells)))
    if all(NUMBER.fullmatch(cell) for cell in cells):
        return [each.rjust(width) for each in (title, "-" * (width - 1) + ":", *cells)]
    return [each.ljust(width) for each in (title, "-" * width, *cells)]


def _ratio(result: Result, verdict: Verdict) -> Row:
    target = verdict.target
    what = f"{target.contender} ÷ {target.beside}" if target.beside else target.contender
    values = (
        NONE if value is None else rounded(value) for value in (verdict.value, verdict.by_cpu)
    )
    return result.scenario.name, what, target.figure.value, *values


def _judged(verdict: Verdict) -> Row:
    target = verdict.target
    return f"{target.sense} {target.bound:g}", MET[verdict.met]


def _cells(outcome: Outcome, columns: Iterable[Figure]) -> Row:
    figures = outcome.figures
    return [column.written(figures[column]) if column in figures else NONE for column in columns]


def _compared(outcome: Outcome, first: Outcome) -> Row:
    """How far its rounds were apart, and the ratio of its main figure to that of the first."""
    if outcome.fault:
        return NONE, NONE
    main = next(iter(outcome.figures))
    ratio = NONE if first.fault else rounded(outcome.figures[main] / first.figures[main])
    return f"{outcome.spread:.0%}", ratio


def _note(outcome: Outcome) -> str:
    if outcome.fault:
        return f"not sound: {outcome.fault}".replace("|", "\\|").replace("\n", " ")
    return ", ".join(outcome.reservations)

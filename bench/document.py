"""docs/benchmarks.md: what was measured stands between two marks, the rest is written by hand."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from bench.scenario import Result
from bench.table import outcomes, targets, variant

BEGIN: Final = "<!-- what follows is written by make bench -->"
END: Final = "<!-- until here -->"


def write(path: Path, measured: str) -> None:
    """Puts it between the marks; all else stays as it is."""
    before, begin, rest = path.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"bench: {path.name} lacks the marks {BEGIN} and {END}")
    path.write_text(f"{before}{BEGIN}\n\n{measured}\n\n{END}{after}")


def measured(results: Sequence[Result], conditions: str) -> str:
    """All that belongs there: targets, the plot's place, a table for each scenario, conditions."""
    return "\n\n".join(
        (
            "## Targets",
            targets(results),
            "The same where every message is checked to be XML, for which there is no target:",
            variant("xml", results),
            "The same for the bridge as it comes, before `make compile`:",
            variant("interpreted", results),
            "![how every system compares with the bridge](benchmarks.svg)",
            *_sections(results),
            "## The machine",
            conditions,
        )
    )


def _sections(results: Iterable[Result]) -> Iterable[str]:
    for result in results:
        yield f"## `{result.scenario.name}`: {result.scenario.title}"
        yield outcomes(result)

"""`python -m bench`: measures the bridge and its peers, and says which targets are met.

A run of everything writes docs/benchmarks.md and its plot. The exit code is 1 if the bridge lost or
altered anything, or did not run; a missed target is a result like any other.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import Final

from bench import document, machine, plot, table
from bench.contender import Lengths
from bench.cores import Cores
from bench.peers.peer import REPOSITORY
from bench.scenario import Result
from bench.scenarios import SCENARIOS
from bridge.host.descriptors import raise_limit

RUNS: Final = 5
SECONDS: Final = 1.0
WARM_UP_S: Final = 1.0
"""For Node above all, whose compiler takes its time."""
DOCS: Final = REPOSITORY / "docs"


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    names = [scenario.name for scenario in SCENARIOS]
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=", ".join(names))
    parser.add_argument("--runs", type=int, default=RUNS, help=f"of each (default: {RUNS})")
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, help=f"of each turn (default: {SECONDS:g})"
    )
    asked = parser.parse_args(arguments)
    if unknown := set(asked.scenarios) - set(names):
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    return asked


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures; returns the exit code."""
    asked = options(arguments)
    raise_limit()  # which the systems inherit: a session takes two descriptors and more
    cores, lengths = Cores.chosen(), Lengths(WARM_UP_S, asked.seconds)
    results = []
    for scenario in SCENARIOS:
        if scenario.name in asked.scenarios or not asked.scenarios:
            results.append(scenario.played(cores, lengths, asked.runs, announce))
            print(f"\n{scenario.name}: {scenario.title}\n{table.outcomes(results[-1])}", flush=True)
    print(f"\n{table.targets(results)}\n\nmessages: xml\n{table.variant('xml', results)}")
    print(f"\nnot compiled\n{table.variant('interpreted', results)}")
    if len(results) == len(SCENARIOS) and asked.runs >= RUNS:
        publish(results)
    faults = [fault for result in results for fault in result.own_faults]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def announce(what: str) -> None:
    """Says what is going on, where a person looks."""
    if sys.stderr.isatty():
        print(f"\r\033[K{what}", end="", file=sys.stderr, flush=True)


def publish(results: Sequence[Result]) -> None:
    """Writes the figures and the plot into the documentation."""
    (DOCS / "benchmarks.svg").write_text(plot.svg(results))
    document.write(DOCS / "benchmarks.md", document.measured(results, machine.description()))


if __name__ == "__main__":
    sys.exit(main())

"""`python -m bench.smoke`: fails when the bridge has grown slower than bench/bounds.yaml allows."""

import sys

from bench import guard
from bench.cores import Cores
from bench.failure import Failure
from bench.figure import rounded
from bench.table import table


def main() -> int:
    """Measures for less than a minute; returns the exit code."""
    try:
        ratios, bounds = guard.measured(Cores.chosen()), guard.bounds()
    except Failure as failure:
        print(failure)
        return 1
    rows = [(name, rounded(ratio), f"{bounds[name]:g}") for name, ratio in ratios.items()]
    print(table(("CPU per message ÷ that of a bare forwarder", "measured", "bound"), rows))
    excesses = list(guard.excesses(ratios, bounds))
    for excess in excesses:
        print(excess)
    return 1 if excesses else 0


if __name__ == "__main__":
    sys.exit(main())

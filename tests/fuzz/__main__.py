"""`python -m tests.fuzz`: tries all targets for a while, keeps what is new, fails if one breaks."""

import argparse
import random
import sys

from tests.fuzz import corpus
from tests.fuzz.campaign import Outcome, fuzz, smallest
from tests.fuzz.target import NAMES


def main() -> int:
    """Tries what the command line asks for; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=3600, help="all together (default: 3600)")
    parser.add_argument("--seed", type=int, default=random.randrange(1, 1 << 31), help="of chance")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(NAMES)}")
    options = parser.parse_args()
    targets = options.targets or NAMES
    print(f"seed {options.seed}\n{'target':14} executions  inputs   bytes", flush=True)
    outcomes = [try_one(name, options.seconds // len(targets), options.seed) for name in targets]
    broken = [outcome for outcome in outcomes if not outcome.is_sound]
    print(f"{sum(outcome.executions for outcome in outcomes):,} executions, {len(broken)} broken")
    for outcome in broken:
        print(f"\n{outcome.target} is broken by {outcome.broken_by!r}\n{outcome.said[-4000:]}")
    return 1 if broken else 0


def try_one(target: str, seconds: int, seed: int) -> Outcome:
    """Tries it and keeps the corpus: what breaks the target is in it, for the tests to fail with
    until that is mended."""
    limits = f"-max_total_time={max(1, seconds)}", f"-seed={seed}"
    outcome, inputs = fuzz(target, corpus.inputs(target), *limits)
    broken_by = [] if outcome.broken_by is None else [outcome.broken_by]
    kept = smallest(target, inputs) if outcome.is_sound else corpus.read(target) + broken_by
    corpus.write(target, kept)
    size = sum(map(len, kept))
    print(f"{target:14} {outcome.executions:10,} {len(kept):7,} {size:7,}", flush=True)
    return outcome


if __name__ == "__main__":
    sys.exit(main())

"""`python -m tests.soak`: plays plans, prints what came of them, fails if a promise was broken."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.soak.run import config_for, places, play_all
from tests.support.bridge import RunningBridge


def main() -> int:
    """Plays the plans that the command line asks for; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--plans", type=int, default=1000, help="how many (default: 1000)")
    parser.add_argument("--seed", type=int, default=1, help="of the first plan (default: 1)")
    parser.add_argument("--at-once", type=int, default=40, help="plans at a time (default: 40)")
    parser.add_argument("--log", type=Path, help="where to write the bridge's log")
    options = parser.parse_args()
    seeds = range(options.seed, options.seed + options.plans)
    print(f"seeds            {seeds.start} to {seeds.stop - 1}", flush=True)
    with tempfile.TemporaryDirectory() as folder, places(options.at_once) as stages:
        ports = [stage.getsockname()[1] for stage in stages]
        with RunningBridge(config_for(ports), Path(folder)) as bridge:
            base_kib = bridge.peak_kib
            figures = asyncio.run(play_all(seeds, bridge.url, stages))
            peak_kib = bridge.peak_kib
        if options.log:
            options.log.write_text("\n".join(bridge.log_lines))
    print(figures)
    print(f"peak memory      {peak_kib / 1024:.0f} MiB, {base_kib / 1024:.0f} MiB at the start")
    for seed, fault in figures.broken:
        print(f"seed {seed}: {fault}")
    for seed in sorted({seed for seed, _ in figures.broken}):
        print(f"play it again: make soak SEED={seed} PLANS=1")
    bridge.assert_no_traceback()
    return 1 if figures.broken else 0


if __name__ == "__main__":
    sys.exit(main())

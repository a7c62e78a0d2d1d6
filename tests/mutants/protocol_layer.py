"""Change bridge/protocol/ in every way that mutmut thinks of; the tests must notice.

    python -m tests.mutants.protocol_layer

mutmut works in a copy, in mutants/. It changes the bodies of functions, and for each change runs
the tests of tests/protocol/ that come by there; a test that does not come to an end has noticed.
Properties, and what stands outside of functions, it leaves alone: docs/decisions/006 says what
another tester found there.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.mutants.mutants import HARMLESS, from_mutmut, judge, listed

ROOT: Final = Path(__file__).parents[2]
WORKING_COPY: Final = ROOT / "mutants"

CAUGHT: Final = {"killed", "timeout", "segfault"}
"""What mutmut says of a mutant that is noticed: a test failed, or never ended, or broke Python."""


def main() -> int:
    """Make the mutants, run the tests, say what came of it; 1 where that is not good enough."""
    shutil.rmtree(WORKING_COPY, ignore_errors=True)  # mutmut would believe old results
    mutmut("run", "--max-children", str(os.cpu_count()), shown=sys.stdout.isatty())
    verdicts = dict(
        line.split(": ") for line in map(str.strip, mutmut("results", "--all", "1").splitlines())
    )
    survivors = [
        from_mutmut(name, mutmut("show", name))
        for name, verdict in verdicts.items()
        if verdict not in CAUGHT
    ]
    judgement = judge(len(verdicts), survivors, listed(HARMLESS.read_text()))
    sys.stdout.writelines(f"{line}\n" for line in judgement.lines())
    return 0 if judgement.passes else 1


def mutmut(*arguments: str, shown: bool = False) -> str:
    """What mutmut prints, unless it is shown at once. Ends the program where mutmut fails."""
    command = [str(Path(sys.executable).with_name("mutmut")), *arguments]
    output = None if shown else subprocess.PIPE
    ran = subprocess.run(command, cwd=ROOT, stdout=output, text=True, check=False)
    if ran.returncode:
        sys.exit(f"{ran.stdout or ''}\nmutmut {arguments[0]} failed")
    return ran.stdout or ""


if __name__ == "__main__":
    sys.exit(main())

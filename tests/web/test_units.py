"""The parts of the browser side that need no browser."""

import shutil
import subprocess
from pathlib import Path

UNITS = sorted(str(path) for path in Path(__file__).parent.glob("*.test.mjs"))


def test_units() -> None:
    """Each `*.test.mjs` passes in Node; its report is in the failure."""
    node = shutil.which("node")
    assert node, "the tests of the browser side need Node, 18 or later"
    assert UNITS
    run = subprocess.run(
        [node, "--test", *UNITS], capture_output=True, text=True, timeout=50, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr

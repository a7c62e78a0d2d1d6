"""The model leaves out no branch of what it stands beside."""

import subprocess
import sys
from pathlib import Path

CORE = ["session_core", "down_log", "up_log", "lifecycle"]
ROOT = Path(__file__).parents[2]
MODEL = "tests/protocol/test_model.py"


def test_the_model_alone_takes_every_branch_of_the_core(tmp_path: Path) -> None:
    data = f"--data-file={tmp_path / 'coverage'}"
    files = f"--include={','.join(f'bridge/protocol/{name}.py' for name in CORE)}"
    pytest = ["pytest", "--quiet", "-p", "no:cacheprovider", MODEL]
    coverage("run", "--rcfile=", "--branch", data, files, "-m", *pytest)
    table = coverage("report", "--rcfile=", data, "--show-missing")
    measured = [line.split() for line in table.splitlines() if line.startswith("bridge/")]
    assert {(name, *rest[3:]) for name, *rest in measured} == {
        (f"bridge/protocol/{name}.py", "0", "100%") for name in CORE
    }, table


def coverage(*arguments: str) -> str:
    """What coverage.py prints; it must succeed."""
    command = [sys.executable, "-m", "coverage", *arguments]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout

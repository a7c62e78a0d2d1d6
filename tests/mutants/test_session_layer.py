"""Each fault of the session layer is noticed by the test that is there for it."""

import re
import shutil
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest

from tests.mutants.session_layer import FAULTS, Fault

ROOT = Path(__file__).parents[2]
COPIED = ("bridge", "tests", "pyproject.toml", "config.yaml")

# Many a fault shows in that something does not come, and here nobody need be patient with it.
PATIENCE = re.compile(r"^DEADLINE_S = [\d.]+$", re.MULTILINE)
DEADLINE_S = 3
TEST_S = 8

UNNEEDED = ("cacheprovider", "hypothesispytest", "xdist")
"""Plugins that take longer to load than the tests to run."""

FAILED = 1
"""pytest's exit code for tests that ran and failed."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project, to be spoilt."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            # With what is compiled, which keeps its time, but not what is just being written.
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("*.pyc.*"))
        else:
            shutil.copy(source, tmp_path)
    deadline = tmp_path / "tests/support/deadline.py"
    text, found = PATIENCE.subn(f"DEADLINE_S = {DEADLINE_S}", deadline.read_text())
    assert found == 1
    deadline.write_text(text)
    return tmp_path


def run(folder: Path, tests: Collection[str]) -> "subprocess.CompletedProcess[str]":
    """Runs tests of the copy, as they would run here."""
    command = [sys.executable, "-m", "pytest", "--quiet", "--exitfirst"]
    # Nobody reads why, and to compare streams of many bytes for it may take longer than the test.
    command += ["--tb=no", "--assert=plain"]
    # The time is the test's own: a bridge that is slow to start notices nothing.
    command += [f"--timeout={TEST_S}", "--override-ini=timeout_func_only=true"]
    command += [f"-pno:{plugin}" for plugin in UNNEEDED]
    command += [f"tests/{test}" for test in tests]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_without_a_fault_the_tests_pass(copy: Path) -> None:
    ran = run(copy, {fault.test for fault in FAULTS})
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "-"))
def test_a_fault_is_noticed(fault: Fault, copy: Path) -> None:
    path = copy / "bridge" / fault.file
    text = path.read_text()
    assert text.count(fault.old) == 1, "the code has changed; so must the fault"
    path.write_text(text.replace(fault.old, fault.new))
    ran = run(copy, [fault.test])
    assert ran.returncode == FAILED, ran.stdout
    assert " failed" in ran.stdout
    assert " error" not in ran.stdout, ran.stdout

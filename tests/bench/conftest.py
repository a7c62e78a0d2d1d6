"""The programs of bench/load/, built once for all tests that run them."""

import subprocess

import pytest

from tests.bench.load import SANITIZED, SOURCES, Load


@pytest.fixture(scope="session")
def load(tmp_path_factory: pytest.TempPathFactory) -> Load:
    """Both programs; each ends with a complaint when it meets a fault of its own in memory or
    arithmetic."""
    built = tmp_path_factory.mktemp("load")
    options = ["--silent", "--jobs=2", f"BUILD={built}", f"EXTRA={SANITIZED}"]
    subprocess.run(["make", "--directory", SOURCES, *options], check=True)
    return Load(built)

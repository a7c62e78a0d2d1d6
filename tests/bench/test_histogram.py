"""The histogram of the load, called from here."""

import ctypes
import random
import subprocess
from math import ceil
from typing import Final

import pytest

from tests.bench.load import SOURCES

STATE_BYTES: Final = 1 << 16
"""More than a histogram has."""
FINENESS: Final = 64


class Histogram:
    """One of the library's."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._state = ctypes.create_string_buffer(STATE_BYTES)
        self._add = library.histogram_add
        self._percentile = library.histogram_percentile
        self._percentile.restype = ctypes.c_uint64

    def add(self, value: int) -> None:
        self._add(self._state, ctypes.c_uint64(value))

    def percentile(self, share: float) -> int:
        found: int = self._percentile(self._state, ctypes.c_double(share))
        return found


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    built = tmp_path_factory.mktemp("histogram") / "histogram.so"
    source = SOURCES / "histogram.c"
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", built, source], check=True)
    return ctypes.CDLL(str(built))


@pytest.fixture
def histogram(library: ctypes.CDLL) -> Histogram:
    return Histogram(library)


def test_an_empty_histogram_has_no_percentiles_above_nothing(histogram: Histogram) -> None:
    assert histogram.percentile(0.99) == 0


@pytest.mark.parametrize("share", [0.01, 0.5, 0.9, 0.99, 0.999, 1.0])
def test_a_percentile_is_at_most_a_sixty_fourth_too_high(
    histogram: Histogram, share: float
) -> None:
    rng = random.Random(1)
    values = sorted(int(2 ** rng.uniform(0, 40)) for _ in range(5000))
    for value in values:
        histogram.add(value)
    exact = values[ceil(share * len(values)) - 1]
    assert exact <= histogram.percentile(share) <= exact * (1 + 1 / FINENESS)


@pytest.mark.parametrize("doublings", range(48))
def test_every_value_has_its_place(histogram: Histogram, doublings: int) -> None:
    for value in (2**doublings - 1, 2**doublings, 2**doublings + 1):
        histogram.add(value)
    assert histogram.percentile(1.0) == 2**doublings + 1
    assert 2**doublings <= histogram.percentile(0.5) <= 2**doublings + 1
    assert histogram.percentile(0.01) >= 2**doublings - 1

"""How figures are written."""

import pytest

from bench.figure import Figure, rounded


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (84_123.4, "84,100"),
        (1_234_567.0, "1,230,000"),
        (12.34, "12.3"),
        (9.996, "10.00"),
        (1.0, "1.00"),
        (0.6971, "0.697"),
        (0.001234, "0.00123"),
        (0.0, "0"),
    ],
)
def test_numbers_have_three_digits(value: float, written: str) -> None:
    assert rounded(value) == written


def test_a_share_is_written_in_percent() -> None:
    assert Figure.SYSTEM_BUSY.written(0.987) == "99%"

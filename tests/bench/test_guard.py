"""The guard against growing slower."""

from bench.guard import GUARDED, bounds, excesses


def test_a_ratio_above_its_bound_is_named() -> None:
    (excess,) = excesses({"batch": 11.0, "large": 2.0}, {"batch": 10.0, "large": 2.0})
    assert "batch" in excess
    assert "11.0" in excess
    assert "10" in excess


def test_ratios_up_to_their_bounds_pass() -> None:
    assert not list(excesses({"batch": 10.0, "large": 1.0}, {"batch": 10.0, "large": 2.0}))


def test_a_ratio_without_a_bound_does_not_pass() -> None:
    (excess,) = excesses({"batch": 1.0}, {})
    assert "batch" in excess


def test_a_bound_without_a_ratio_does_not_pass() -> None:
    (excess,) = excesses({}, {"batch": 1.0})
    assert "batch" in excess


def test_all_that_is_measured_has_a_bound() -> None:
    assert bounds().keys() == GUARDED.keys()

"""Targets are met, missed, or cannot be judged."""

import pytest

from bench.figure import Figure
from bench.target import Target
from tests.bench.samples import outcome, unsound

TWICE = Target("bridge", Figure.RATE, "≥", 2.0, "peer")


@pytest.mark.parametrize(("rate", "met"), [(1990, False), (2000, True), (9000, True)])
def test_at_least_so_many_times_the_other(rate: float, met: bool) -> None:
    verdict = TWICE.verdict({"bridge": outcome(rate), "peer": outcome(1000)})
    assert verdict.value == rate / 1000
    assert verdict.met is met


@pytest.mark.parametrize(("rate", "met"), [(1000, False), (2000, True), (9000, True)])
def test_at_most_so_many_times_the_other(rate: float, met: bool) -> None:
    cheap = Target("bridge", Figure.CPU, "≤", 0.5, "peer")
    assert cheap.verdict({"bridge": outcome(rate), "peer": outcome(1000)}).met is met


@pytest.mark.parametrize(("rate", "met"), [(99, False), (100, True)])
def test_a_target_without_another_is_a_value(rate: float, met: bool) -> None:
    verdict = Target("bridge", Figure.RATE, "≥", 100.0).verdict({"bridge": outcome(rate)})
    assert verdict.value == rate
    assert verdict.met is met


def test_a_bridge_that_corrupts_misses_its_targets() -> None:
    verdict = TWICE.verdict({"bridge": unsound("message 7 differs"), "peer": outcome(1)})
    assert verdict.met is False
    assert verdict.value is None
    assert "message 7 differs" in verdict.note


def test_a_peer_that_corrupts_is_not_compared_with() -> None:
    verdict = TWICE.verdict({"bridge": outcome(1), "peer": unsound("a frame too many")})
    assert verdict.met is None
    assert verdict.value is None
    assert "a frame too many" in verdict.note


def test_what_processor_time_alone_would_decide_is_told_beside_the_ratio_of_rates() -> None:
    held_up = outcome(1000, system_busy=0.25, load_busy=1.0)
    verdict = TWICE.verdict({"bridge": outcome(2000), "peer": held_up})
    assert verdict.value == 2.0
    assert verdict.by_cpu == 0.5


def test_a_ratio_with_a_system_that_the_load_held_up_says_so() -> None:
    held_up = outcome(1000, system_busy=0.5, load_busy=1.0)
    verdict = TWICE.verdict({"bridge": outcome(3000), "peer": held_up})
    assert verdict.note == "peer: bound by the load"

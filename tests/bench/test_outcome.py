"""What the turns of a contender come to."""

from bench.contender import Sample
from bench.figure import Figure
from bench.outcome import outcome_of
from tests.bench.samples import figures, outcome, unsound


def test_an_outcome_is_the_median_and_not_the_mean() -> None:
    samples = [Sample(figures(rate)) for rate in (100, 10_000, 110)]
    assert outcome_of(samples).figures[Figure.RATE] == 110


def test_the_spread_is_that_of_the_main_figure() -> None:
    samples = [Sample(figures(rate)) for rate in (90, 100, 120)]
    assert outcome_of(samples).spread == 0.3


def test_one_fault_in_any_turn_leaves_no_figures() -> None:
    assert not unsound("a message is missing").figures
    assert unsound("a message is missing").fault == "a message is missing"


def test_a_system_with_time_to_spare_beside_a_busy_load_is_bound_by_the_load() -> None:
    assert outcome(100, system_busy=0.6, load_busy=0.99).is_bound_by_load


def test_a_system_that_has_to_share_its_core_is_disturbed() -> None:
    assert outcome(100, others=0.2).is_disturbed
    assert not outcome(100, others=0.01).is_disturbed


def test_a_system_that_does_all_it_can_is_not_bound_by_the_load() -> None:
    assert not outcome(100, system_busy=0.99, load_busy=0.99).is_bound_by_load


def test_a_system_that_waits_for_nobody_but_itself_is_not_bound_by_the_load() -> None:
    assert not outcome(100, system_busy=0.5, load_busy=0.5).is_bound_by_load

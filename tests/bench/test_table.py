"""The tables, as they are printed and stand in the documentation."""

from bench.client import Work
from bench.contender import Contender
from bench.figure import Figure
from bench.measures import traffic
from bench.outcome import Outcome
from bench.peers.node import NODE
from bench.scenario import Result, Scenario
from bench.table import outcomes, table, targets
from bench.target import Target
from tests.bench.samples import outcome, unsound

CONTENDERS = [Contender(name, NODE, Work("plain")) for name in ("one", "two")]


def result(one: Outcome, two: Outcome) -> Result:
    """Of a scenario in which "one" is to be at least twice as good as "two"."""
    target = Target("one", Figure.RATE, "≥", 2.0, "two")
    return Result(Scenario("some", "", traffic, CONTENDERS, [target]), {"one": one, "two": two})


def cells(text: str, row: str) -> list[str]:
    """Those of the line that begins with this."""
    (line,) = (line for line in text.splitlines() if line.startswith(f"| {row} "))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_numbers_stand_to_the_right_and_words_to_the_left() -> None:
    assert table(("who", "much"), [("me", "1,000"), ("somebody", "-")]).splitlines() == [
        "| who      |  much |",
        "| -------- | ----: |",
        "| me       | 1,000 |",
        "| somebody |     - |",
    ]


def test_a_target_is_told_with_what_was_measured() -> None:
    said = cells(targets([result(outcome(3000), outcome(1000))]), "some")
    assert said == ["some", "one ÷ two", "messages/s", "3.00", "3.00", "≥ 2", "yes", ""]


def test_a_missed_target_is_told_as_such() -> None:
    assert "**no**" in cells(targets([result(outcome(1000), outcome(1000))]), "some")


def test_outcomes_are_compared_with_the_first() -> None:
    said = cells(outcomes(result(outcome(4000), outcome(1000))), "two")
    assert said == ["two", "1,000", "1,000", "100%", "0%", "50%", "0%", "0.250", ""]


def test_a_system_that_corrupts_has_no_figures_and_a_note() -> None:
    said = cells(outcomes(result(outcome(4000), unsound("frame\nhalf"))), "two")
    assert said == ["two", *["-"] * 7, "not sound: frame half"]

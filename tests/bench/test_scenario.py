"""Rounds, and the scenarios that there are."""

import pytest

from bench.client import Work
from bench.contender import Contender, Figures, Lengths, Turn
from bench.contenders import about
from bench.cores import Cores
from bench.failure import Failure
from bench.figure import Figure
from bench.peers.bridge import BRIDGE
from bench.peers.node import NODE
from bench.scenario import Scenario
from bench.scenarios import SCENARIOS
from tests.bench.samples import figures

CORES = Cores(0, 1)
LENGTHS = Lengths(0.0, 0.0)
CONTENDERS = [Contender(name, NODE, Work("plain")) for name in ("first", "second", "third")]


def test_in_each_round_every_contender_has_its_turn_and_another_begins() -> None:
    turns: list[str] = []

    def note(turn: Turn) -> Figures:
        turns.append(turn.contender.name)
        return figures(1000)

    Scenario("some", "", note, CONTENDERS, []).played(CORES, LENGTHS, 3, lambda _: None)
    assert turns[:3] == ["first", "second", "third"]
    assert turns[3:6] == ["second", "third", "first"]
    assert turns[6:] == ["third", "first", "second"]


def test_a_bridge_that_fails_once_is_reported_and_a_peer_is_not() -> None:
    def fail(_: Turn) -> Figures:
        raise Failure("message 7 differs")

    contenders = [Contender("bridge plain", BRIDGE, Work("plain")), *CONTENDERS]
    result = Scenario("some", "", fail, contenders, []).played(CORES, LENGTHS, 1, lambda _: None)
    assert result.own_faults == ["some, bridge plain: message 7 differs"]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_contenders_have_names_of_their_own_and_targets_are_about_them(scenario: Scenario) -> None:
    names = [contender.name for contender in scenario.contenders]
    assert len(set(names)) == len(names)
    for target in scenario.targets:
        for same in (target, about("xml", target), about("interpreted", target)):
            assert {same.contender, same.beside} <= {*names, ""}


def test_a_figure_that_is_aimed_at_is_known_by_its_title() -> None:
    assert len({figure.value for figure in Figure}) == len(Figure)

"""The plot: one dot for each system that has figures."""

import pytest
from lxml import etree

from bench.client import Work
from bench.contender import Contender, Sample
from bench.figure import Figure
from bench.measures import traffic
from bench.outcome import outcome_of
from bench.peers.bridge import BRIDGE
from bench.peers.node import NODE
from bench.plot import COLOURS, dots, svg
from bench.scenario import Result, Scenario
from bench.scenarios import SCENARIOS
from tests.bench.samples import outcome, unsound

CONTENDERS = [Contender(peer.name, peer, Work("plain")) for peer in (BRIDGE, NODE)]
SCENARIO = Scenario("a <name>", "", traffic, CONTENDERS, [])
RATES = Result(SCENARIO, {BRIDGE.name: outcome(4000), NODE.name: outcome(1000)})


def test_a_dot_is_at_the_ratio_to_the_first_contender() -> None:
    assert [dot.times for dot in dots([RATES])] == [1.0, 0.25]


def test_where_less_is_better_it_is_the_other_way_round() -> None:
    small, large = (outcome_of([Sample({Figure.MEMORY: value})]) for value in (5.0, 20.0))
    result = Result(SCENARIO, {BRIDGE.name: small, NODE.name: large})
    assert [dot.times for dot in dots([result])] == [1.0, 0.25]


def test_a_system_that_corrupts_has_no_dot() -> None:
    result = Result(SCENARIO, {BRIDGE.name: outcome(4000), NODE.name: unsound("a frame too many")})
    assert [dot.times for dot in dots([result])] == [1.0]


@pytest.mark.parametrize("n_scenarios", [1, 3])
def test_the_picture_is_well_formed_and_every_dot_within_it(n_scenarios: int) -> None:
    picture = etree.fromstring(svg([RATES] * n_scenarios))
    _, _, width, height = map(float, picture.attrib["viewBox"].split())
    circles = list(picture.iter("{http://www.w3.org/2000/svg}circle"))
    assert len(circles) == 2 * n_scenarios + 2  # the last two are the legend's
    for circle in circles:
        assert 0 < float(circle.attrib["cx"]) < width
        assert 0 < float(circle.attrib["cy"]) < height


def test_there_is_a_colour_for_every_system() -> None:
    peers = {contender.peer.name for each in SCENARIOS for contender in each.contenders}
    assert len(peers - {BRIDGE.name}) <= len(COLOURS) == len(set(COLOURS))

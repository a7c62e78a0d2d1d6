"""Each way of measuring, for a moment, on what `make test` has at hand."""

import os

import pytest

from bench import program
from bench.client import Work
from bench.contender import Contender, Lengths, Turn, sample
from bench.contenders import bridge, peer
from bench.cores import Cores
from bench.figure import Figure
from bench.measures import idling, opening, pushing, traffic
from bench.peers.forwarder import FORWARDER
from bench.peers.websocat import BINARY, TEXT
from tests.bench.load import Load

FEW = Work("plain", clients=5)
BATCH = Work("plain", clients=5, batch=50)
LENGTHS = Lengths(warm_up_s=0.05, measured_s=0.3)


@pytest.fixture(autouse=True)
def built(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs that were built for the tests."""
    monkeypatch.setattr(program, "BUILT", load.built)


def turn(contender: Contender) -> Turn:
    """On whichever cores there are."""
    cores = sorted(os.sched_getaffinity(0))
    return Turn(contender, Cores(cores[0], cores[-1]), LENGTHS)


@pytest.mark.parametrize(
    "contender",
    [
        bridge("plain", FEW, "interpreted"),
        bridge("v1", FEW, "interpreted"),
        peer(FORWARDER, "tcp", FEW),
    ],
)
def test_traffic_has_a_rate_and_a_cost(contender: Contender) -> None:
    figures = traffic(turn(contender))
    assert figures[Figure.RATE] > 0
    assert figures[Figure.CPU] > 0
    assert 0 < figures[Figure.P50] <= figures[Figure.P99]


def test_websocat_makes_whole_frames_of_messages_that_come_one_at_a_time() -> None:
    assert not sample(traffic, turn(peer(TEXT, "plain", FEW))).fault


def test_websocat_makes_frames_too_many_of_messages_that_come_together() -> None:
    taken = sample(traffic, turn(peer(TEXT, "plain", BATCH)))
    assert "differs" in taken.fault
    assert not taken.figures


def test_websocat_carries_a_stream_whole() -> None:
    assert not sample(traffic, turn(peer(BINARY, "plain-binary", BATCH))).fault


def test_idle_sessions_take_memory() -> None:
    crowd = Work("plain", clients=1000)
    assert 1 < idling(turn(bridge("v1", crowd, "interpreted")))[Figure.MEMORY] < 100


def test_sessions_are_opened() -> None:
    figures = opening(turn(bridge("plain", FEW, "interpreted")))
    assert figures[Figure.OPENS] > 0
    assert figures[Figure.OPEN_CPU] > 0


def test_a_push_reaches_every_client() -> None:
    figures = pushing(turn(bridge("plain", FEW, "interpreted")))
    assert figures[Figure.PUSH] > 0
    assert figures[Figure.RATE] == pytest.approx(5000 / figures[Figure.PUSH])

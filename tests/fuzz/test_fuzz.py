"""Some thousand inputs for each target, the same on each run; `make fuzz` makes up new ones."""

import importlib.util

import pytest

from tests.fuzz import corpus
from tests.fuzz.campaign import fuzz, smallest
from tests.fuzz.target import NAMES

RUNS = 3000
RUNS_OF_SLOW_ONES = {
    "upload": 300,
    "config": 600,
    "charset": 1000,
    "framing": 1000,
    "round_trip": 600,
}

needs_atheris = pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None,
    reason="atheris has no build for this processor or Python; the corpus is tried all the same",
)


@needs_atheris
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", NAMES)
def test_no_input_breaks_a_promise(name: str) -> None:
    runs = RUNS_OF_SLOW_ONES.get(name, RUNS)
    outcome, _ = fuzz(name, corpus.inputs(name), f"-runs={runs}", "-seed=1")
    assert outcome.is_sound, f"{outcome.broken_by!r}\n{outcome.said}"
    assert outcome.executions >= runs


@needs_atheris
def test_what_breaks_a_promise_is_found_and_told() -> None:
    outcome, _ = fuzz("_broken", corpus.inputs("_broken"), "-runs=100000", "-seed=1")
    assert outcome.broken_by is not None
    assert b"close" in outcome.broken_by
    assert not outcome.is_sound
    assert "AssertionError" in outcome.said


@needs_atheris
def test_of_many_inputs_those_are_kept_that_lead_to_all_places() -> None:
    kept = smallest("control", [b"[]", b"[ ]", b"[  ]", b'{"ack":5}', b'{"ack":55}'])
    assert b"[]" in kept
    assert b'{"ack":5}' in kept
    assert len(kept) < 5

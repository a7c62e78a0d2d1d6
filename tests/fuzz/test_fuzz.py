"""Some thousand inputs for each target, the same on each run; `make fuzz` makes up new ones."""

import importlib.util

import pytest

from tests.fuzz import corpus
from tests.fuzz.campaign import fuzz
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

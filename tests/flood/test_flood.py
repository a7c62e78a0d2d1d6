"""Sessions that lag in every way there is; `make flood` does it with 500, and times others."""

from pathlib import Path

import pytest

from tests.flood.deaf import Transport
from tests.flood.run import LOG_BYTES, WAYS, Case, Direction, measure


@pytest.mark.parametrize(("direction", "transport"), WAYS)
async def test_a_flood_costs_bounded_memory_and_ends_when_its_time_is_over(
    tmp_path: Path, direction: Direction, transport: Transport
) -> None:
    case = Case(direction, transport, sessions=30, log_bytes=LOG_BYTES, lag_s=2.0, calm_s=0.1)
    measured = await measure(case, tmp_path)
    assert list(measured.faults()) == []

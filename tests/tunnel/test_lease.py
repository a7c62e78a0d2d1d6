"""A lease ends by the wall clock, which may be set while it runs."""

import asyncio
from collections.abc import Iterator

import pytest

from bridge.tunnel.lease import LOOK_S, Lease
from tests.support.clock import SteppedLoop


class WallClock:
    """Says what the test says."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def loop() -> Iterator[SteppedLoop]:
    stepped = SteppedLoop()
    yield stepped
    stepped.close()


async def run(lease: Lease, clock: WallClock, *, good_for_s: float, steps: list[float]) -> None:
    """Start it, and let both clocks go on by each step."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, SteppedLoop)
    lease.start(clock.now + good_for_s)
    for step_s in steps:
        clock.now += step_s
        await loop.pass_time(step_s)


@pytest.mark.parametrize(
    ("good_for_s", "steps", "ends"),
    [
        pytest.param(10, [9.9], 0, id="not before its time"),
        pytest.param(10, [10], 1, id="at its time"),
        pytest.param(10, [10, 10, 100], 1, id="once"),
        pytest.param(-5, [0.01], 1, id="at once, where its time is over"),
        pytest.param(150, [LOOK_S, LOOK_S, 29], 0, id="looked at in between"),
        pytest.param(150, [LOOK_S, LOOK_S, 30], 1, id="at its time after that"),
        pytest.param(2.0**53, [LOOK_S, LOOK_S], 0, id="never"),
    ],
)
def test_a_lease_ends(loop: SteppedLoop, good_for_s: float, steps: list[float], ends: int) -> None:
    clock, ended = WallClock(), list[bool]()
    lease = Lease(lambda: ended.append(True), clock)
    loop.run_until_complete(run(lease, clock, good_for_s=good_for_s, steps=steps))
    assert len(ended) == ends


def test_a_clock_that_is_set_back_makes_it_longer(loop: SteppedLoop) -> None:
    clock, ended = WallClock(), list[bool]()
    lease = Lease(lambda: ended.append(True), clock)
    loop.run_until_complete(run(lease, clock, good_for_s=10, steps=[9]))
    clock.now -= 100
    loop.run_until_complete(loop.pass_time(1))
    assert not ended


def test_one_that_is_cancelled_does_not_end(loop: SteppedLoop) -> None:
    clock, ended = WallClock(), list[bool]()
    lease = Lease(lambda: ended.append(True), clock)

    async def cancelled() -> None:
        lease.start(clock.now + 10)
        lease.cancel()
        clock.now += 10
        await loop.pass_time(10)

    loop.run_until_complete(cancelled())
    assert not ended

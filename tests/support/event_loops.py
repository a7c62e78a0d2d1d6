"""On which event loops a test runs, for the `conftest.py` of tests that run the bridge's code in
their own process: on each that the bridge may run on, and if it asks for the `clock`, on one whose
time it moves itself.
"""

import asyncio
from collections.abc import Callable, Mapping

import pytest

from bridge.cli import loop_factory
from tests.support.clock import SteppedLoop

LoopFactory = Callable[[], asyncio.AbstractEventLoop]


def pytest_asyncio_loop_factories(item: pytest.Function) -> Mapping[str, LoopFactory]:
    if "clock" in item.fixturenames:
        return {"stepped": SteppedLoop}
    if "start_bridge" in item.fixturenames:
        return {"asyncio": asyncio.new_event_loop}
    return {"asyncio": asyncio.new_event_loop, "served": loop_factory()}


@pytest.fixture
async def clock() -> SteppedLoop:
    """The time of the test's event loop."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, SteppedLoop)
    return loop

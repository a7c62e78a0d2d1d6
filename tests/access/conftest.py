"""Daemons that are asked for a policy, each on a port of its own of the loopback.

Where the bridge's code runs in the test's own process, it does so on each event loop that the
bridge may run on; in a test that asks for the `clock`, on a loop whose time it moves itself.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping

import pytest

from bridge.cli import loop_factory
from tests.access.policies import PolicyPort, policy_port
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


@pytest.fixture
async def master() -> AsyncIterator[PolicyPort]:
    """The port that stands for 843."""
    async with policy_port() as port:
        yield port


@pytest.fixture
async def own() -> AsyncIterator[PolicyPort]:
    """The daemon's own port."""
    async with policy_port() as port:
        yield port

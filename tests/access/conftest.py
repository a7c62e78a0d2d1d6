"""Daemons that are asked for a policy, each on a port of its own of the loopback."""

from collections.abc import AsyncIterator

import pytest

from tests.access.policies import PolicyPort, policy_port
from tests.support.event_loops import clock, pytest_asyncio_loop_factories

__all__ = ["clock", "pytest_asyncio_loop_factories"]


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

"""Timers and turns on event loops, without a bridge."""

from tests.support.event_loops import clock, pytest_asyncio_loop_factories

__all__ = ["clock", "pytest_asyncio_loop_factories"]

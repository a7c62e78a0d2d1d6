"""The loops that tests of credentials run on: where time is in play, one whose time they move."""

import asyncio
from collections.abc import Callable, Mapping

import pytest

from tests.support.clock import SteppedLoop

STEPPED = "test_published_keys.py"


def pytest_asyncio_loop_factories(
    item: pytest.Function,
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    if item.path.name == STEPPED:
        return {"stepped": SteppedLoop}
    return {"asyncio": asyncio.new_event_loop}

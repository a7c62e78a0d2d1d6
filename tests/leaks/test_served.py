"""However sessions open and end, nothing of them stays: ten thousand in bridges as they are served,
where descriptors and memory can be read from outside, and the log tells every end.

A session that somebody is to end must not end by time before, and one that is to end by time must
not be waited for: so there is a bridge for each kind.
"""

import re
from collections import Counter

import pytest

from tests.leaks.census import Census, descriptors, resident_bytes
from tests.leaks.crowd import Crowd
from tests.leaks.orders import Orders
from tests.leaks.patience import PATIENT, forgotten, idle
from tests.support.bridge import Config, RunningBridge, StartBridge
from tests.support.clients import Client

GROWTH = 1.1
"""For the fragments of memory that no allocator gives back."""
GROWTH_OF_FEW = 1.25
"""The same where time allows no more than a thousand to warm up with: it settles after some four
thousand. What a single session leaves is counted in test_within.py."""

OPENED = re.compile(r"session opened id=(\S+) daemon=chat ")
ENDED = re.compile(r"session ended id=\S+ daemon=chat .*\bcode=(\S+) ")


async def visited(bridge: RunningBridge, crowd: Crowd, orders: Orders) -> int:
    """The bytes that the bridge holds after the crowd has come and gone."""

    def count() -> Census:
        return Counter(descriptors(bridge.pid))

    async with Client(bridge.url) as client:
        await client.exchange(timeout_s=0, daemon="shaky")
        quiet = count()
        await crowd.come(bridge.url)
        orders.dismiss()
        await idle(client, count, quiet)
        await forgotten(client)
    return resident_bytes(bridge.pid)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("up_to_time", "n_sessions", "growth", "patience"),
    [(False, 8000, GROWTH, PATIENT), (True, 2000, GROWTH_OF_FEW, {})],
    ids=["ended by somebody", "ended by time"],
)
async def test_ten_thousand_sessions_leave_no_descriptor_no_memory_and_no_name_behind(
    config: Config,
    orders: Orders,
    start_bridge: StartBridge,
    up_to_time: bool,
    n_sessions: int,
    growth: float,
    patience: Config,
) -> None:
    bridge = start_bridge({**config, **patience})
    # After the first the allocator has what it needs; what each session left would add up.
    crowds = [Crowd(orders, n_sessions // 2, up_to_time=up_to_time) for _ in range(2)]
    warm_bytes, left_bytes = [await visited(bridge, crowd, orders) for crowd in crowds]
    bridge.terminate()
    assert await bridge.exited() == 0
    log = "\n".join(bridge.log_lines)
    ids = OPENED.findall(log)
    keys = [key for crowd in crowds for key in crowd.keys]
    assert len(ids) == len(set(ids)) == n_sessions
    assert len(keys) == len(set(keys))
    assert Counter(ENDED.findall(log)) == Counter(code for crowd in crowds for code in crowd.codes)
    assert left_bytes < growth * warm_bytes

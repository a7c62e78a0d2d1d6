"""However sessions open and end, nothing of them stays: ten thousand in a bridge as it is served,
where descriptors and memory can be read from outside, and the log tells every end."""

import re
from collections import Counter

import pytest

from tests.leaks.census import Census, descriptors, resident_bytes
from tests.leaks.crowd import Crowd
from tests.leaks.orders import Orders
from tests.leaks.patience import forgotten, idle
from tests.support.bridge import Config, RunningBridge, StartBridge
from tests.support.clients import Client

N_SESSIONS = 10_000
N_WARM_UP = 2000
"""After so many the allocator has what it needs, and what each session left would add up."""

GROWTH = 1.1
"""For the fragments of memory that no allocator gives back."""

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


@pytest.mark.timeout(180)
async def test_ten_thousand_sessions_leave_no_descriptor_no_memory_and_no_name_behind(
    config: Config, orders: Orders, start_bridge: StartBridge
) -> None:
    bridge = start_bridge(config)
    crowds = [Crowd(orders, n) for n in (N_WARM_UP, N_SESSIONS - N_WARM_UP)]
    warm_bytes, left_bytes = [await visited(bridge, crowd, orders) for crowd in crowds]
    bridge.terminate()
    assert await bridge.exited() == 0
    log = "\n".join(bridge.log_lines)
    ids = OPENED.findall(log)
    keys = [key for crowd in crowds for key in crowd.keys]
    assert len(ids) == len(set(ids)) == N_SESSIONS
    assert len(keys) == len(set(keys))
    assert Counter(ENDED.findall(log)) == Counter(code for crowd in crowds for code in crowd.codes)
    assert left_bytes < GROWTH * warm_bytes

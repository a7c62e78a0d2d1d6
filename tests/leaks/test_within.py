"""However sessions open and end, nothing of them stays: a bridge in the test's own process, where
every task, timer and object can be counted."""

from collections import Counter

import pytest

from bridge.app import Bridge
from bridge.config import Config
from tests.leaks.census import at_work, census
from tests.leaks.crowd import Crowd
from tests.leaks.orders import Orders
from tests.leaks.patience import PATIENT, idle
from tests.leaks.ways import stay
from tests.support import bridge as running
from tests.support.clients import Client
from tests.support.deadline import within_deadline

N_SESSIONS = 1500
N_KEPT = 500

FORGETS = "timer Registry._forget"


@pytest.mark.timeout(120)
async def test_no_task_timer_descriptor_or_object_is_left(
    config: running.Config, orders: Orders
) -> None:
    async with within_deadline("a census"):  # its timer counts, so it is there each time
        nothing = at_work()
    bridge = Bridge(Config.model_validate(config))
    url = await bridge.start()
    async with Client(url) as client:
        async with within_deadline("a quiet bridge"):
            await client.exchange(timeout_s=0)
            quiet = census()
        await Crowd(orders, N_SESSIONS).come(url)
        orders.dismiss()
        await idle(client, census, quiet)
        ends = await stay(client, orders)
        await bridge.stop()
        for end in ends:
            await end.told()
    async with within_deadline("the last census"):
        assert census() - quiet == Counter()
        assert at_work() - nothing == Counter()


async def test_an_ended_session_has_one_timer_which_forgets_it(
    config: running.Config, orders: Orders
) -> None:
    """Those that were to end it would be long in firing, and would hold it as long."""
    bridge = Bridge(Config.model_validate({**config, **PATIENT, "resume_s": 600}))
    url = await bridge.start()
    async with Client(url) as client:
        async with within_deadline("a quiet bridge"):
            await client.exchange(timeout_s=0)
            quiet = at_work()
        await Crowd(orders, N_KEPT, up_to_time=False).come(url)
        await idle(client, at_work, quiet + Counter({FORGETS: N_KEPT}))
        await bridge.stop()

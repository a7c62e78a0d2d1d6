"""A hundred plans; `make soak` plays a thousand, and any one again by its seed."""

from pathlib import Path

import pytest

from tests.soak.run import config_for, places, play_all
from tests.support.bridge import RunningBridge

PLANS = 100
AT_ONCE = 20


@pytest.mark.timeout(300)
async def test_whatever_the_network_does_both_ends_hold_the_same_logs(tmp_path: Path) -> None:
    """Or the session has ended with a code that says so, and both know up to which number."""
    with places(AT_ONCE) as stages:
        ports = [stage.getsockname()[1] for stage in stages]
        with RunningBridge(config_for(ports), tmp_path) as bridge:
            figures = await play_all(range(1, PLANS + 1), bridge.url, stages)
    bridge.assert_no_traceback()
    assert figures.plans == PLANS
    assert figures.faults.total() > PLANS
    assert not figures.broken, "\n".join(
        f"make soak PLANS=1 SEED={seed}: {fault}" for seed, fault in figures.broken
    )

"""A wall clock that jumps by hours while the bridge runs. Durations are not its business."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.bridge import Config, RunningBridge, StartBridge
from tests.support.clients import Client, Session
from tests.support.daemon import DaemonConnection, ScriptedDaemon
from tests.support.faked_clock import FakedClock

HOURS = [5, -5]


@pytest.fixture
def clock(tmp_path: Path) -> FakedClock:
    return FakedClock(tmp_path / "clock")


@pytest.fixture
def bridge(start: StartBridge, config: Config, clock: FakedClock) -> RunningBridge:
    return start({**config, "resume_s": 1}, environment=clock.environment)


@pytest.fixture
async def client(bridge: RunningBridge) -> AsyncIterator[Client]:
    async with Client(bridge.url) as client:
        yield client


async def opened(client: Client, daemon: ScriptedDaemon) -> tuple[Session, DaemonConnection]:
    return await client.open(), await daemon.accepted()


async def test_a_poll_that_waits_is_answered_by_the_daemon_and_not_by_the_clock(
    client: Client, daemon: ScriptedDaemon, clock: FakedClock
) -> None:
    session, peer = await opened(client, daemon)
    poll = await session.park()
    for hours in HOURS:
        clock.jump(hours)
        (await session.send(b"a turn of the loop")).empty()
    peer.say(b"news")
    assert (await poll).messages == [b"news"]


@pytest.mark.parametrize("hours", HOURS)
async def test_times_keep_their_length(
    bridge: RunningBridge, client: Client, daemon: ScriptedDaemon, clock: FakedClock, hours: int
) -> None:
    session, _ = await opened(client, daemon)
    clock.jump(hours)
    (await session.receive(wait=0.5)).empty()
    (await session.send(b"it has not been abandoned")).empty()
    assert "code=abandoned" in await bridge.logged("session ended")


async def test_log_lines_go_on_with_the_new_time(
    bridge: RunningBridge, client: Client, daemon: ScriptedDaemon, clock: FakedClock
) -> None:
    before = time_of(bridge.log_lines[-1])
    for hours in HOURS:
        clock.jump(hours)
        opened = time_of(await bridge.logged((await client.open()).id))
        assert abs(opened - before - timedelta(hours=hours)) < timedelta(hours=1)


def time_of(line: str) -> datetime:
    return datetime.fromisoformat(line.partition(" ")[0]).astimezone(UTC)

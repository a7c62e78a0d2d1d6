"""A wall clock that jumps by hours while the bridge runs. Durations are not its business."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.bridge import Config, RunningBridge, StartBridge
from tests.support.clients import Client, Session
from tests.support.daemon import DaemonConnection, ScriptedDaemon

LIBRARIES = "*/faketime/libfaketimeMT.so.1"
HOURS = [5, -5]


class Clock:
    """The bridge's wall clock, in a file that it reads at each look."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.jump(0)
        # Debian keeps the library in a folder named for the processor.
        (library,) = Path("/usr/lib").glob(LIBRARIES)
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def jump(self, hours: int) -> None:
        """From now on it is so far from the truth."""
        self._file.write_text(f"{hours:+}h\n")


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path / "clock")


@pytest.fixture
def bridge(start: StartBridge, config: Config, clock: Clock) -> RunningBridge:
    return start({**config, "resume_s": 1}, environment=clock.environment)


@pytest.fixture
async def client(bridge: RunningBridge) -> AsyncIterator[Client]:
    async with Client(bridge.url) as client:
        yield client


async def opened(client: Client, daemon: ScriptedDaemon) -> tuple[Session, DaemonConnection]:
    return await client.open(), await daemon.accepted()


async def test_a_poll_that_waits_is_answered_by_the_daemon_and_not_by_the_clock(
    client: Client, daemon: ScriptedDaemon, clock: Clock
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
    bridge: RunningBridge, client: Client, daemon: ScriptedDaemon, clock: Clock, hours: int
) -> None:
    session, _ = await opened(client, daemon)
    clock.jump(hours)
    (await session.receive(wait=0.5)).empty()
    (await session.send(b"it has not been abandoned")).empty()
    assert "code=abandoned" in await bridge.logged("session ended")


async def test_log_lines_go_on_with_the_new_time(
    bridge: RunningBridge, client: Client, daemon: ScriptedDaemon, clock: Clock
) -> None:
    before = time_of(bridge.log_lines[-1])
    for hours in HOURS:
        clock.jump(hours)
        opened = time_of(await bridge.logged((await client.open()).id))
        assert abs(opened - before - timedelta(hours=hours)) < timedelta(hours=1)


def time_of(line: str) -> datetime:
    return datetime.fromisoformat(line.partition(" ")[0]).astimezone(UTC)

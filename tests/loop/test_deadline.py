"""A deadline expires once, unless it is cancelled or begins anew."""

import pytest

from bridge.loop.deadline import Deadline
from tests.support.clock import SteppedLoop


@pytest.fixture
def expired() -> list[str]:
    """Grows whenever the deadline expires."""
    return []


@pytest.fixture
def deadline(expired: list[str]) -> Deadline:
    return Deadline(lambda: expired.append("expired"))


async def test_it_expires_once_after_its_delay(
    deadline: Deadline, expired: list[str], clock: SteppedLoop
) -> None:
    deadline.start(5)
    await clock.pass_time(4)
    assert (deadline.running, expired) == (True, [])
    await clock.pass_time(1)
    assert (deadline.running, expired) == (False, ["expired"])
    await clock.pass_time(50)
    assert expired == ["expired"]


async def test_cancelled_it_does_not_expire(
    deadline: Deadline, expired: list[str], clock: SteppedLoop
) -> None:
    deadline.start(5)
    deadline.cancel()
    assert not deadline.running
    await clock.pass_time(50)
    assert expired == []


async def test_started_again_it_begins_anew(
    deadline: Deadline, expired: list[str], clock: SteppedLoop
) -> None:
    deadline.start(5)
    await clock.pass_time(4)
    deadline.start(5)
    await clock.pass_time(4)
    assert expired == []
    await clock.pass_time(1)
    assert expired == ["expired"]


async def test_suspended_it_does_not_expire_until_it_is_started_again(
    deadline: Deadline, expired: list[str], clock: SteppedLoop
) -> None:
    deadline.start(5)
    await clock.pass_time(4)
    deadline.suspend()
    assert not deadline.running
    await clock.pass_time(50)
    assert expired == []
    deadline.start(5)
    await clock.pass_time(4)
    assert expired == []
    await clock.pass_time(1)
    assert expired == ["expired"]


async def test_suspended_and_started_again_it_has_its_whole_delay(
    deadline: Deadline, expired: list[str], clock: SteppedLoop
) -> None:
    deadline.start(5)
    for _ in range(20):
        await clock.pass_time(3)
        deadline.suspend()
        deadline.start(5)
    await clock.pass_time(4)
    assert (deadline.running, expired) == (True, [])
    await clock.pass_time(1)
    assert (deadline.running, expired) == (False, ["expired"])


async def test_a_shorter_delay_is_not_kept_waiting_by_the_longer_one_before(
    deadline: Deadline, expired: list[str], clock: SteppedLoop
) -> None:
    deadline.start(50)
    deadline.suspend()
    deadline.start(5)
    await clock.pass_time(5)
    assert expired == ["expired"]
    await clock.pass_time(50)
    assert expired == ["expired"]


async def test_it_may_be_started_after_it_has_expired(
    deadline: Deadline, expired: list[str], clock: SteppedLoop
) -> None:
    for _ in range(2):
        deadline.start(5)
        await clock.pass_time(5)
    assert expired == ["expired", "expired"]


def test_cancelling_what_was_never_started_is_harmless(deadline: Deadline) -> None:
    deadline.cancel()
    assert not deadline.running

"""Bridges that wait for ever, and waiting until one is idle again: for that, time must pass there,
not here."""

from collections.abc import Callable
from typing import Final

from tests.leaks.census import Census
from tests.support.clients import Client
from tests.support.deadline import within_deadline

PATIENT: Final = {
    "connect_timeout_s": 15,
    "heartbeat_s": 600,
    "resume_s": 5,
    "slow_client_s": 600,
    "slow_daemon_s": 600,
}
"""With this a session ends because somebody ends it, however busy the machine is: only for so long
as `resume_s` may a client be slow to say the next thing, since an ended session is kept as long."""

CLOCK_S = 0.1


async def pass_time(client: Client) -> None:
    """An exchange that gets no reply lasts as long as it is given, and leaves nothing behind."""
    await client.exchange(timeout_s=CLOCK_S, daemon="shaky")


async def idle(client: Client, count: Callable[[], Census], quiet: Census) -> None:
    """Returns once nothing is counted that was not there when the bridge was quiet."""
    excess = count() - quiet
    try:
        async with within_deadline("an idle bridge"):
            while excess:
                await pass_time(client)
                excess = count() - quiet
    except AssertionError as error:
        error.add_note(f"still there: {dict(excess)}")
        raise


async def forgotten(client: Client) -> None:
    """Returns once the bridge has forgotten all sessions that have ended by now."""
    newest = await client.open("shaky")
    await newest.delete()
    async with within_deadline("the 404"):
        while (await newest.receive()).status == 410:
            await pass_time(client)

"""All daemons' rules and policies: what the gate asks."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Final

from bridge.access.decision import Decision
from bridge.access.doors import Door
from bridge.access.origins import Page
from bridge.access.policy_watch import Watch

NO_DOOR: Final = Decision(False, "no daemon lets it in; explain tells why, daemon by daemon")


class Access:
    """The doors by the daemons' names."""

    def __init__(self, doors: Mapping[str, Door]) -> None:
        self._doors = dict(doors)
        self._watching: asyncio.Task[None] | None = None

    def decide(self, page: Page, daemon: str | None) -> Decision:
        """Whether the page may reach the daemon (`None`: any), and by which rule."""
        decisions = [door.decide(page) for door in self._doors_of(daemon)]
        if len(decisions) == 1:
            return decisions[0]
        return next((found for found in decisions if found.allowed), NO_DOOR)

    def allows(self, page: Page, daemon: str | None) -> bool:
        """Whether the page may reach the daemon (`None`: any)."""
        return any(door.decide(page).allowed for door in self._doors_of(daemon))

    async def settled(self, page: Page, daemon: str | None) -> None:
        """Return when waiting would let the page in no more than it is: a few seconds at most, and
        at once but for the first time and after an outage."""
        if self.allows(page, daemon):
            return
        watches = self._watches(self._doors_of(daemon))
        asking = {asyncio.ensure_future(watch.settled()) for watch in watches}
        try:
            while asking and not self.allows(page, daemon):
                _, asking = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for still in asking:
                still.cancel()

    def _doors_of(self, daemon: str | None) -> Iterable[Door]:
        return self._doors.values() if daemon is None else [self._doors[daemon]]

    def _watches(self, doors: Iterable[Door]) -> Iterable[Watch]:
        return (door.source for door in doors if isinstance(door.source, Watch))

    def start(self) -> None:
        """Ask the daemons that are to be asked, from now until `stop`."""
        self._watching = asyncio.get_running_loop().create_task(self._watch())

    async def stop(self) -> None:
        """Ask no more. Does nothing if it has not started."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait([self._watching])

    async def _watch(self) -> None:
        async with asyncio.TaskGroup() as group:
            for watch in self._watches(self._doors.values()):
                group.create_task(watch.run())

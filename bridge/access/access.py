"""All daemons' rules and policies: what the gate asks."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bridge.access.decision import Decision, Rules, decide
from bridge.access.origins import Page
from bridge.access.policy import Standing
from bridge.access.watch import Watch


class Source(Protocol):
    """Where it is known from what a daemon's policy is."""

    @property
    def standing(self) -> Standing:
        """What is known now."""

    async def settled(self) -> None:
        """Return as soon as waiting would change nothing."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A source that never changes: no policy, or one from a file."""

    standing: Standing

    async def settled(self) -> None:
        """At once."""


@dataclass(frozen=True, slots=True)
class Door:
    """One daemon: what the configuration says of it and where its policy is known from."""

    rules: Rules
    source: Source

    def decide(self, page: Page) -> Decision:
        """Whether the page may reach the daemon now."""
        return decide(page, self.rules, self.source.standing)


class Access:
    """The doors by the daemons' names."""

    def __init__(self, doors: Mapping[str, Door]) -> None:
        self._doors = dict(doors)
        self._watching: asyncio.Task[None] | None = None

    def decide(self, page: Page, daemon: str) -> Decision:
        """Whether the page may reach the daemon, and by which rule."""
        return self._doors[daemon].decide(page)

    def allows_any(self, page: Page) -> bool:
        """Whether there is a daemon that the page may reach."""
        return any(door.decide(page).allowed for door in self._doors.values())

    async def settled(self, daemon: str) -> None:
        """Return when what can be known of the daemon's policy is known: a few seconds at most, and
        at once but for the first time and after an outage."""
        await self._doors[daemon].source.settled()

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
            for door in self._doors.values():
                if isinstance(door.source, Watch):
                    group.create_task(door.source.run())

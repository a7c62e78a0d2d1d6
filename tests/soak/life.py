"""How a client that can resume gets through a plan: it opens a session, takes turns with its legs,
and closes when all has crossed, unless the session ends before."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from itertools import cycle
from typing import Final

from tests.soak.client import ResumingClient
from tests.soak.legs import LEGS, open_by_socket
from tests.soak.library import LibraryClient
from tests.soak.plan import Plan

PATIENCE_GROWTH: Final = 1.2
"""A leg lasts so much longer than the one before, or who is cut short each time gets nowhere."""

LONGEST_LEG_S: Final = 4.0


class Life:
    """One client's way through a plan."""

    def __init__(self, plan: Plan, client: ResumingClient) -> None:
        self._plan = plan
        self._client = client
        self._leg_s = client.part.leg_s

    @property
    def daemon_stalls(self) -> bool:
        """Whether the daemon stops reading for good, unless it ends before."""
        part = self._plan.daemon
        is_to_stall = part.stall_after is not None and part.stall_after <= self._client.good
        return part.stalls_for_good and is_to_stall

    @property
    def daemon_ends(self) -> bool:
        """Whether the daemon hears enough to end its stream."""
        part = self._plan.daemon
        return part.ending != "none" and part.ends_after <= self._client.good

    @property
    def expected(self) -> int:
        """How many down messages there are if nothing ends before."""
        part = self._plan.daemon
        return part.flood + (self._client.good if part.echoes else 0)

    @property
    def is_done(self) -> bool:
        """Whether all has crossed, as far as it can."""
        client = self._client
        if client.acked < client.part.up:
            return False
        if self.daemon_stalls:
            return True
        return not self.daemon_ends and len(client.got) == self.expected

    async def run(self) -> None:
        """Returns when the session has ended and the client knows it."""
        if self._client.part.is_library:
            await LibraryClient(self._plan, self._client, lambda: self.is_done).run()
            return
        await self._open()
        for name in cycle(self._client.part.legs):
            if self._client.end is not None:
                return
            if self.is_done:
                await self._close()
            else:
                await self._turn(LEGS[name](self._client))

    async def _turn(self, leg: Awaitable[None]) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._leg_s):
                await leg
        self._leg_s = min(self._leg_s * PATIENCE_GROWTH, LONGEST_LEG_S)
        await asyncio.sleep(self._client.rng.uniform(0, 0.1))
        if self._client.session is not None:
            await self._client.ask()

    async def _open(self) -> None:
        """An answer that is lost leaves a session behind that nobody knows, and which must hear
        nothing."""
        client = self._client
        while client.session is None:
            if client.part.opens_by_socket:
                await self._turn(open_by_socket(client))
                continue
            answer = await client.answer("POST", f"v1/daemons/{client.daemon_name}/sessions")
            if answer is not None and answer.status == 201:
                client.adopt(answer.json()["id"], answer.json()["key"])

    async def _close(self) -> None:
        client = self._client
        assert client.session is not None
        await client.answer("DELETE", client.session.path, headers=client.session.with_key())
        await client.ask()

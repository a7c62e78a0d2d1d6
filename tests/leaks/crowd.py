"""A crowd of clients that open and end sessions, many at the same time."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from itertools import cycle, islice
from typing import Final

from tests.leaks.failures import failures
from tests.leaks.orders import Orders
from tests.leaks.ways import Way, ways
from tests.support.clients import Client

AT_ONCE: Final = 60
VISITS: Final = 10
"""So often one client comes before its connections are closed."""
COSTLY: Final = 5
FAILED: Final = 10
"""So often each of these ways is gone; the others share the rest."""

Visit = Callable[[Client], Awaitable[None]]


class Crowd:
    """Goes all ways, `n_sessions` in all, and fails in all ways besides. With `up_to_time` it only
    goes those on which somebody is waited for until the session ends; without, only those on which
    somebody ends it, and it fails in no way.

    `keys` are those that the clients were told, `codes` how the sessions are to end.
    """

    def __init__(self, orders: Orders, n_sessions: int, *, up_to_time: bool | None = None) -> None:
        self.keys: list[str] = []
        table = {name: way for name, way in ways() if up_to_time in (None, way.is_up_to_time)}
        costly = [name for name, way in table.items() if way.costly] * COSTLY
        others = cycle(name for name, way in table.items() if not way.costly)
        names = costly + list(islice(others, n_sessions - len(costly)))
        self.codes = [table[name].code for name in names]
        self._orders = orders
        self._visits = [self._along(name, table[name]) for name in names]
        if up_to_time is not False:
            self._visits += [along(name, run) for name, run in failures()] * FAILED
        random.Random(0).shuffle(self._visits)

    async def come(self, url: str) -> None:
        """Returns when all have come; some of their sessions still wait for their time to pass."""
        visits = iter(self._visits)
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(self._come_again(url, visits))

    async def _come_again(self, url: str, visits: Iterator[Visit]) -> None:
        while some := list(islice(visits, VISITS)):
            async with Client(url) as client:
                for visit in some:
                    await visit(client)

    def _along(self, name: str, way: Way) -> Visit:
        async def visit(client: Client) -> None:
            key = await way.run(client, self._orders)
            self.keys += [key] if key else []

        return along(name, visit)


def along(name: str, run: Visit) -> Visit:
    """An error on the way tells its name."""

    async def visit(client: Client) -> None:
        try:
            await run(client)
        except Exception as error:
            error.add_note(f"on the way: {name}")
            raise

    return visit

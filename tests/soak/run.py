"""Many plans at a time against one bridge, and the figures of all of them."""

import asyncio
import socket
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Final

from tests.faults.proxy import FaultProxy
from tests.faults.weather import Fault, Weather
from tests.soak.bound import BoundClient
from tests.soak.client import (
    HEARTBEAT_S,
    LOG_BYTES,
    RESUME_S,
    WAIT_S,
    ResumingClient,
    Violation,
)
from tests.soak.daemon import Cast
from tests.soak.life import Life
from tests.soak.oracle import must_be_heard, verdict
from tests.soak.plan import KINDS, Plan
from tests.support.bridge import Config
from tests.support.clients import Client
from tests.support.daemon import ScriptedDaemon, listening_socket

BAD_WEATHER_S: Final = 12.0
"""Then the network is mended, so that every plan comes to its end."""
LONGEST_S: Final = 60.0
"""A plan that is not over by then hangs."""


@dataclass
class Figures:
    """What all plans together came to. `broken` has a line for each promise broken, behind the seed
    of its plan."""

    plans: int = 0
    sessions: int = 0
    up: int = 0
    down: int = 0
    faults: Counter[Fault] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[int, str]] = field(default_factory=list)

    def __str__(self) -> str:
        ends = ", ".join(f"{code} {count}" for code, count in self.ends.most_common())
        faults = [f"  {count:>7,} {fault}" for fault, count in self.faults.most_common()]
        return "\n".join(
            [
                f"plans            {self.plans:,}",
                f"sessions         {self.sessions:,} ({ends})",
                f"messages         {self.up:,} up, {self.down:,} down",
                f"faults injected  {self.faults.total():,}",
                *faults,
                f"promises broken  {len(self.broken)}",
            ]
        )


def config_for(ports: Iterable[int]) -> Config:
    """A bridge with small logs and short times, and for each place where a plan can be played a
    daemon of each kind."""
    return {
        "wait_s": WAIT_S,
        "resume_s": RESUME_S,
        "heartbeat_s": HEARTBEAT_S,
        "slow_client_s": 4,
        "slow_daemon_s": 4,
        "flush_s": 3,
        "log_high_water_bytes": LOG_BYTES,
        "log_low_water_bytes": LOG_BYTES // 4,
        "daemons": {
            f"{kind}-{place}": {"address": f"127.0.0.1:{port}", "messages": kind}
            for place, port in enumerate(ports)
            for kind in sorted(set(KINDS))
        },
    }


@contextmanager
def places(count: int) -> Iterator[list[socket.socket]]:
    """Listening sockets for the daemons of so many plans at a time."""
    with ExitStack() as stack:
        yield [stack.enter_context(listening_socket()) for _ in range(count)]


async def play_all(seeds: Iterable[int], bridge_url: str, stages: list[socket.socket]) -> Figures:
    """Plays the plans of these seeds, as many at a time as there are stages."""
    figures = Figures()
    waiting = iter(seeds)

    async def use(place: int, stage: socket.socket) -> None:
        for seed in waiting:
            await play(Plan.drawn(seed), bridge_url, place, stage, figures)

    async with asyncio.TaskGroup() as group:
        for place, stage in enumerate(stages):
            group.create_task(use(place, stage))
    return figures


async def play(
    plan: Plan, bridge_url: str, place: int, stage: socket.socket, figures: Figures
) -> None:
    """Plays one plan and adds it to the figures."""
    weather = Weather.drawn(f"weather {plan.seed}")
    name = f"{plan.kind}-{place}"
    async with AsyncExitStack() as stack:
        daemon = await stack.enter_async_context(ScriptedDaemon(stage))
        cast = Cast(plan, daemon)
        stack.callback(cast.close)
        proxy = await stack.enter_async_context(FaultProxy(bridge_url, weather.spell_for))
        http = [
            await stack.enter_async_context(Client(proxy.url))
            for _ in range(len(plan.clients) + len(plan.bound))
        ]
        clients = [
            ResumingClient(plan, part, index, http.pop(), name)
            for index, part in enumerate(plan.clients)
        ]
        bound = [
            BoundClient(plan, kind, index, http.pop(), name)
            for index, kind in enumerate(plan.bound)
        ]
        try:
            await act(plan, weather, proxy, clients, bound)
            for client in clients:
                is_heard = must_be_heard(plan, client)
                await cast.ended(client.author.name, client.got, is_heard=is_heard)
            for one in bound:
                await cast.ended(one.name, one.got, is_heard=False)
            faults = list(verdict(plan, cast, clients, bound))
        except* (Violation, TimeoutError, AssertionError) as group:
            faults = [f"{type(error).__name__}: {error}" for error in group.exceptions]
            faults += [repr(one) for one in (*clients, *bound, *cast.roles)]
    figures.plans += 1
    figures.sessions += len(cast.roles)
    figures.up += sum(len(role.heard) for role in cast.roles)
    figures.down += sum(len(client.got) for client in clients)
    figures.down += sum(len(one.got) for one in bound)
    figures.faults += weather.met
    figures.ends.update(str(client.end) for client in clients)
    figures.broken += [(plan.seed, fault) for fault in faults]


async def act(
    plan: Plan,
    weather: Weather,
    proxy: FaultProxy,
    clients: list[ResumingClient],
    bound: list[BoundClient],
) -> None:
    """All clients at the same time, in bad weather that ends at some time.

    Raises `ExceptionGroup` of `Violation`, or of `TimeoutError` if somebody hangs.
    """

    async def change() -> None:
        for outage_s in plan.outages_s:
            await asyncio.sleep(outage_s * 2)
            proxy.is_down = True
            proxy.cut()
            await asyncio.sleep(outage_s)
            proxy.is_down = False
        await asyncio.sleep(BAD_WEATHER_S)
        weather.clear_up()

    async with asyncio.timeout(LONGEST_S), asyncio.TaskGroup() as group:
        changing = group.create_task(change())
        lives = [group.create_task(Life(plan, client).run()) for client in clients]
        lives += [group.create_task(one.run()) for one in bound]
        await asyncio.wait(lives)
        changing.cancel()

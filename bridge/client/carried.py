"""What those who carry a session share with the link that has it carried."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from bridge.client.changes import Changes
from bridge.client.endpoint import Endpoint
from bridge.client.errors import Garbled, MessageRefused, Missing
from bridge.client.opening import Opening
from bridge.client.options import Options
from bridge.client.outcome import Ended, Lost, Outcome
from bridge.client.route import Transport
from bridge.client.session import Session


class Wish(Enum):
    """What the link wants of whoever carries the session just now."""

    CARRY = auto()
    LEAVE = auto()
    """Give the connection up; the session stays. A request that sends is let through before, since
    only its own answer tells of every refusal."""
    END = auto()
    """The same once all has been sent; a socket ends the session itself."""


@dataclass
class Carried:
    """`changes` is notified of whatever happens to the session or the wish. To be called: `adopt`
    with a session that was opened, `works` when data has made the round trip, `heard` whenever
    something comes from the bridge, `refused` with each new refusal."""

    endpoint: Endpoint
    options: Options
    changes: Changes
    adopt: Callable[[Opening], Session]
    works: Callable[[Transport], None]
    heard: Callable[[], None]
    refused: Callable[[MessageRefused], None]
    wish: Wish = Wish.CARRY


async def first_outcome(*runs: Coroutine[Any, Any, Outcome]) -> Outcome:
    """Runs them beside each other until one comes out; the others are cancelled. What one raises is
    raised."""
    tasks = [asyncio.ensure_future(run) for run in runs]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    outcomes = [task.result() for task in done]
    return next((outcome for outcome in outcomes if isinstance(outcome, Ended)), outcomes[0])


async def settled(run: Awaitable[Outcome]) -> Outcome:
    """How it comes out, when the other side breaks the contract, too."""
    try:
        return await run
    except Missing as missing:
        return Ended("gap", str(missing), failed=True)
    except Garbled:
        return Lost()

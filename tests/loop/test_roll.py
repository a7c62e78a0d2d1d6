"""Whoever waits for a roll to be empty is told when the last one has gone."""

import asyncio

from bridge.loop.roll import Roll
from tests.support.clock import turns


async def test_an_empty_roll_is_not_waited_for() -> None:
    await Roll[str]().emptied()


async def test_a_roll_is_waited_for_until_the_last_one_has_gone() -> None:
    roll = Roll[str]()
    for name in ("ada", "eve", "ada"):
        roll.add(name)
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(roll.emptied())
        roll.discard("ada")
        await turns()
        assert not waiting.done()
        roll.discard("eve")


async def test_who_was_never_there_may_go() -> None:
    roll = Roll[str]()
    roll.discard("ada")
    await roll.emptied()


async def test_a_roll_that_was_empty_may_be_filled_again() -> None:
    roll = Roll[str]()
    roll.add("ada")
    roll.discard("ada")
    roll.add("eve")
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(roll.emptied())
        await turns()
        assert not waiting.done()
        roll.discard("eve")

"""Heavy work has its turns, and everybody else theirs in between."""

import asyncio
from collections.abc import Callable
from time import perf_counter

import pytest

from bridge.loop.turns import ROUND_S, Turns
from tests.support.clock import turns as rounds


def long_work(done: list[str], name: str) -> Callable[[], None]:
    """Work that takes a whole round."""

    def work() -> None:
        until = perf_counter() + ROUND_S
        while perf_counter() < until:
            pass
        done.append(name)

    return work


def fail() -> None:
    """Work that is our own bug."""
    raise ZeroDivisionError


async def test_work_is_done_at_once_while_the_round_has_time_left() -> None:
    turns, done = Turns(), list[str]()
    assert turns.take(lambda: done.append("a"))
    assert turns.take(lambda: done.append("b"))
    assert done == ["a", "b"]


async def test_what_does_not_fit_into_the_round_waits_in_order() -> None:
    turns, done = Turns(), list[str]()
    assert turns.take(long_work(done, "a"))
    assert not turns.take(long_work(done, "b"))
    assert not turns.take(lambda: done.append("c"))
    assert done == ["a"]
    await rounds()
    assert done == ["a", "b", "c"]


async def test_work_that_has_cost_a_round_before_leaves_nothing_of_this_one() -> None:
    turns, done = Turns(), list[str]()
    assert turns.take(turns.use_up)
    assert not turns.take(lambda: done.append("a"))
    await rounds()
    assert done == ["a"]


async def test_everybody_else_is_served_between_two_rounds() -> None:
    turns, done = Turns(), list[str]()
    for name in "abc":
        turns.take(long_work(done, name))
    while done[-1] != "c":
        done.append("else")
        await asyncio.sleep(0)
    assert [name for name in done if name != "else"] == ["a", "b", "c"]
    assert "else" in done[done.index("a") : done.index("b")]
    assert "else" in done[done.index("b") : done.index("c")]


async def test_work_that_waits_goes_behind_what_waits_already() -> None:
    turns, done = Turns(), list[str]()
    turns.wait(lambda: done.append("a"))
    assert not turns.take(lambda: done.append("b"))
    turns.wait(lambda: done.append("c"))
    assert done == []
    await rounds()
    assert done == ["a", "b", "c"]


async def test_work_that_fails_does_not_stop_what_waits_behind_it() -> None:
    turns, done = Turns(), list[str]()
    accidents: list[object] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: accidents.append(context["exception"])
    )
    turns.take(long_work(done, "a"))
    turns.take(fail)
    turns.take(lambda: done.append("b"))
    await rounds()
    assert done == ["a", "b"]
    assert [type(accident) for accident in accidents] == [ZeroDivisionError]


async def test_a_task_gets_what_its_work_returns() -> None:
    turns, done = Turns(), list[str]()
    assert await turns.run(lambda: "now") == "now"
    turns.take(long_work(done, "a"))
    assert await turns.run(lambda: "later") == "later"


async def test_a_task_gets_what_its_work_raises() -> None:
    turns, done = Turns(), list[str]()
    turns.take(long_work(done, "a"))
    with pytest.raises(ZeroDivisionError):
        await turns.run(fail)


async def test_the_work_of_a_task_that_has_gone_is_not_done() -> None:
    turns, done = Turns(), list[str]()
    for name in "ab":
        turns.take(long_work(done, name))
    task = asyncio.ensure_future(turns.run(lambda: done.append("c")))
    await asyncio.sleep(0)
    task.cancel()
    await rounds()
    assert done == ["a", "b"]

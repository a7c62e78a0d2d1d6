"""What the event loop reports of our own mistakes: a line for each kind, and it goes on."""

import asyncio
import logging
from collections.abc import Callable

import pytest

from bridge.cli import loop_factory
from bridge.host.uncaught import UncaughtExceptions

LoopFactory = Callable[[], asyncio.AbstractEventLoop]


@pytest.fixture(params=[loop_factory(), asyncio.new_event_loop], ids=["served", "asyncio"])
def run(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Runs callbacks on an event loop whose accidents are told."""
    make_loop: LoopFactory = request.param

    def run_callbacks(*callbacks: Callable[[], object]) -> None:
        with asyncio.Runner(loop_factory=make_loop) as runner:
            loop = runner.get_loop()
            loop.set_exception_handler(UncaughtExceptions(loop).tell)
            for callback in callbacks:
                loop.call_soon(callback)
            runner.run(asyncio.sleep(0))

    return run_callbacks


def mistake() -> None:
    raise ValueError("a mistake of ours")


def another_mistake() -> None:
    raise ValueError("another one")


def test_an_exception_of_a_callback_is_told_with_its_traceback(
    run: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    run(mistake)
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "a mistake of ours"


def test_the_same_mistake_is_told_once(
    run: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    run(*[mistake] * 100)
    assert len(caplog.records) == 1


def test_another_mistake_is_told_beside_it(
    run: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    run(mistake, another_mistake, mistake)
    assert len(caplog.records) == 2


def test_the_loop_goes_on_behind_it(run: Callable[..., None]) -> None:
    done: list[None] = []
    run(mistake, lambda: done.append(None))
    assert done == [None]

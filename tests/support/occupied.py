"""An event loop in which others have their turns first."""

from time import perf_counter
from typing import Final

from bridge.loop.turns import ROUND_S, Turns

ROUNDS: Final = 50


def occupy(turns: Turns) -> None:
    """Whoever comes next waits for so many rounds of the loop, each of them used up."""
    for _ in range(ROUNDS):
        turns.wait(use_a_round_up)


def use_a_round_up() -> None:
    """Work that takes all of its time."""
    until = perf_counter() + ROUND_S
    while perf_counter() < until:
        pass

"""What bodies hold counts for all together, and that of long ones for each client."""

from contextlib import ExitStack

import pytest

from bridge.errors import Problem
from bridge.tunnel.budget import Budget
from bridge.tunnel.held_bodies import LONG_BYTES, PORTIONS, HeldBodies

MAX_BODY_BYTES = 2 * LONG_BYTES
PORTION_BYTES = 3 * LONG_BYTES
ANN, BOB = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def budget() -> Budget:
    return Budget(PORTIONS * PORTION_BYTES)


@pytest.fixture
def bodies(budget: Budget) -> HeldBodies:
    return HeldBodies(budget, MAX_BODY_BYTES)


def refusal(bodies: HeldBodies, owner: str | None, held_bytes: int) -> str | None:
    """By which problem a body of this client is refused that holds so much."""
    with bodies.body_of(owner) as hold:
        try:
            hold(held_bytes)
        except Problem as problem:
            return problem.code
    return None


def test_what_a_body_holds_counts_until_it_is_over(bodies: HeldBodies, budget: Budget) -> None:
    with bodies.body_of(ANN) as hold:
        for held_bytes in (10, 30, 20):
            hold(held_bytes)
            assert budget.held_bytes == held_bytes
    assert budget.held_bytes == 0


def test_above_the_budget_every_body_is_refused(bodies: HeldBodies, budget: Budget) -> None:
    budget.held_bytes = budget.limit_bytes - 5
    assert not bodies.exceeded
    assert [refusal(bodies, None, held) for held in (5, 6)] == [None, "too-many-sessions"]
    budget.held_bytes += 6
    assert bodies.exceeded


def test_the_long_bodies_of_one_client_have_its_portion(bodies: HeldBodies) -> None:
    with bodies.body_of(ANN) as hold:
        hold(MAX_BODY_BYTES)
        left_bytes = PORTION_BYTES - MAX_BODY_BYTES
        assert refusal(bodies, ANN, left_bytes + 1) == "rate-limited"
        assert refusal(bodies, BOB, left_bytes + 1) is None
    assert refusal(bodies, ANN, PORTION_BYTES) is None


def test_a_body_that_is_no_longer_long_leaves_its_portion(bodies: HeldBodies) -> None:
    with bodies.body_of(ANN) as hold:
        hold(PORTION_BYTES)
        hold(LONG_BYTES)
        assert refusal(bodies, ANN, PORTION_BYTES) is None


def test_bodies_that_are_not_long_have_no_portion(bodies: HeldBodies) -> None:
    with ExitStack() as others:
        for _ in range(PORTIONS):
            others.enter_context(bodies.body_of(ANN))(LONG_BYTES)
        assert refusal(bodies, ANN, PORTION_BYTES) is None


def test_clients_of_whom_nothing_is_known_have_no_portion(bodies: HeldBodies) -> None:
    with bodies.body_of(None) as hold:
        hold(PORTION_BYTES)
        assert refusal(bodies, None, PORTION_BYTES) is None


def test_a_portion_has_room_for_a_body_as_long_as_it_may_be() -> None:
    bodies = HeldBodies(Budget(MAX_BODY_BYTES), MAX_BODY_BYTES)
    assert refusal(bodies, ANN, MAX_BODY_BYTES) is None

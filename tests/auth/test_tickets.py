"""Tickets: good once, for a moment, for what their token is good for, in bounded numbers."""

import pytest

from bridge.auth.identity import Identity, NotNamed, Refused
from bridge.auth.tickets import MAX_OF_ONE_USER, MAX_TICKETS, TICKET_S, Tickets
from bridge.errors import Problem

ADA = Identity("ada", 1e10)


class Clock:
    """Says what the test says."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tickets(clock: Clock) -> Tickets:
    return Tickets(clock)


def test_a_ticket_admits_whom_it_was_issued_to(tickets: Tickets) -> None:
    assert tickets.redeem(tickets.issue({"chat": ADA}), "chat") == ADA


def test_a_ticket_is_good_once(tickets: Tickets) -> None:
    word = tickets.issue({"chat": ADA})
    tickets.redeem(word, "chat")
    with pytest.raises(Refused):
        tickets.redeem(word, "chat")


def test_a_ticket_for_another_daemon_is_used_up_too(tickets: Tickets) -> None:
    word = tickets.issue({"chat": ADA})
    with pytest.raises(NotNamed):
        tickets.redeem(word, "game")
    assert len(tickets) == 0


def test_a_ticket_gets_too_old(tickets: Tickets, clock: Clock) -> None:
    early, late = tickets.issue({"chat": ADA}), tickets.issue({"chat": ADA})
    clock.now += TICKET_S - 1
    assert tickets.redeem(early, "chat") == ADA
    clock.now += 1
    with pytest.raises(Refused):
        tickets.redeem(late, "chat")


def test_a_ticket_is_no_longer_good_than_its_token(tickets: Tickets) -> None:
    word = tickets.issue({"chat": Identity("ada", 1.0)})
    with pytest.raises(Refused):
        tickets.redeem(word, "chat")


@pytest.mark.parametrize("word", ["", "made-up", "\ud800", "x" * 100_000])
def test_a_word_that_was_never_issued_is_refused(tickets: Tickets, word: str) -> None:
    tickets.issue({"chat": ADA})
    with pytest.raises(Refused):
        tickets.redeem(word, "chat")
    assert len(tickets) == 1


def test_no_two_tickets_are_the_same(tickets: Tickets) -> None:
    assert len({tickets.issue({"chat": ADA}) for _ in range(100)}) == 100


def test_one_user_cannot_take_them_all(tickets: Tickets, clock: Clock) -> None:
    for _ in range(MAX_OF_ONE_USER):
        tickets.issue({"chat": ADA})
    with pytest.raises(Problem) as caught:
        tickets.issue({"chat": ADA})
    assert (caught.value.code, caught.value.retry_after_s) == ("rate-limited", TICKET_S)
    tickets.issue({"chat": Identity("bob")})
    clock.now += TICKET_S
    tickets.issue({"chat": ADA})
    assert len(tickets) == 1


def test_there_are_never_more_than_the_bound(tickets: Tickets) -> None:
    for number in range(MAX_TICKETS):
        tickets.issue({"chat": Identity(f"user {number % 32}")})
    with pytest.raises(Problem):
        tickets.issue({"chat": Identity("another")})
    assert len(tickets) == MAX_TICKETS

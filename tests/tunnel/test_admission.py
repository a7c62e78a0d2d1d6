"""Sessions are limited for each client and each daemon: at a time, and by how fast they come."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.config import Config, DaemonConfig
from bridge.errors import Problem
from bridge.tunnel.admission import Admission
from bridge.tunnel.client import UNKNOWN, Client

ANN, BOB = Client("192.0.2.1", 4711), Client("192.0.2.2", 4711)


class Door:
    """An admission and its clock."""

    def __init__(self, daemon: dict[str, Any] | None = None, **keys: Any) -> None:
        self.now = 100.0
        daemons = {name: DaemonConfig(embedded="chat", **(daemon or {})) for name in ("a", "b")}
        self._admission = Admission(Config(daemons=daemons, **keys), lambda: self.now)
        self._count = 0

    def enter(self, client: Client = ANN, daemon: str = "a") -> str:
        """The session's id."""
        self._count += 1
        self._admission.enter(str(self._count), daemon, client)
        return str(self._count)

    def refusal(self, client: Client = ANN, daemon: str = "a") -> Problem:
        with pytest.raises(Problem) as caught:
            self.enter(client, daemon)
        return caught.value

    def fields(self, client: Client) -> dict[str, str]:
        return self._admission.fields(client)

    def leave(self, session: str) -> None:
        self._admission.leave(session)


def test_nobody_is_limited_by_default() -> None:
    door = Door()
    for _ in range(200):
        door.enter()


def test_a_client_has_so_many_sessions_at_a_time() -> None:
    door = Door(client_max_sessions=2)
    first, _ = door.enter(), door.enter(daemon="b")
    refusal = door.refusal()
    assert (refusal.code, refusal.status, refusal.retry_after_s) == ("too-many-sessions", 503, 5)
    assert str(refusal.__cause__) == "client_max_sessions of 192.0.2.1"
    door.enter(BOB)
    door.leave(first)
    door.enter()
    door.refusal()


def test_to_leave_twice_is_to_leave_once() -> None:
    door = Door(client_max_sessions=2)
    first, _ = door.enter(), door.enter()
    door.leave(first)
    door.leave(first)
    door.enter()
    door.refusal()


def test_a_daemon_has_so_many_sessions_at_a_time() -> None:
    door = Door({"max_sessions": 1})
    door.enter()
    assert "this daemon has 1 sessions" in door.refusal(BOB).detail
    door.enter(BOB, "b")


def test_a_client_opens_so_many_at_once_and_then_so_many_a_second() -> None:
    door = Door(client_opens_per_s=0.25, opens_burst=2)
    door.leave(door.enter())
    door.enter(daemon="b")
    refusal = door.refusal()
    assert (refusal.code, refusal.status, refusal.retry_after_s) == ("rate-limited", 429, 4)
    assert refusal.headers == {
        "RateLimit-Policy": '"client";q=2;w=8',
        "RateLimit": '"client";r=0;t=4',
    }
    door.enter(BOB)
    door.now += 4
    door.enter()
    door.refusal()


def test_a_user_has_so_many_sessions_over_all_addresses() -> None:
    door = Door(user_max_sessions=1)
    door.enter(replace(ANN, user="ann"))
    assert str(door.refusal(replace(BOB, user="ann")).__cause__) == "user_max_sessions of ann"
    door.enter(replace(ANN, user="bob"))


def test_a_user_opens_so_fast_over_all_addresses() -> None:
    door = Door(user_opens_per_s=1, opens_burst=1)
    door.enter(replace(ANN, user="ann"))
    assert door.refusal(replace(BOB, user="ann")).headers["RateLimit"] == '"user";r=0;t=1'


def test_what_may_still_be_opened_is_told_of_the_own_limits_alone() -> None:
    door = Door({"opens_per_s": 1}, client_opens_per_s=1, user_opens_per_s=0.5, opens_burst=4)
    ann = replace(ANN, user="ann")
    door.enter(ann)
    assert door.fields(ann) == {
        "RateLimit-Policy": '"client";q=4;w=4, "user";q=4;w=8',
        "RateLimit": '"client";r=3;t=1, "user";r=3;t=2',
    }
    assert Door().fields(ann) == {}


def test_sessions_of_a_daemon_are_opened_so_fast_by_all_together() -> None:
    door = Door({"opens_per_s": 1}, opens_burst=1)
    door.enter()
    refusal = door.refusal(BOB)
    assert (refusal.code, str(refusal.__cause__)) == ("rate-limited", "opens_per_s of a")
    door.enter(daemon="b")


def test_who_is_refused_takes_nothing() -> None:
    door = Door({"max_sessions": 1}, client_opens_per_s=1, opens_burst=1)
    first = door.enter(BOB)
    for _ in range(3):
        assert door.refusal().code == "too-many-sessions"
    door.leave(first)
    door.enter()


def test_a_client_that_is_not_known_is_limited_by_the_daemon_alone() -> None:
    door = Door({"max_sessions": 3}, client_max_sessions=1, client_opens_per_s=1, opens_burst=1)
    for _ in range(3):
        door.enter(UNKNOWN)
    door.refusal(UNKNOWN)


@pytest.mark.parametrize(
    ("address", "owner"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
    ],
)
def test_a_network_of_ipv6_is_one_client(address: str, owner: str) -> None:
    assert Client(address).owner == owner

"""Which limits a session comes under, and who is too far ahead of them to open another one."""

import pytest

from bridge.config import Config, DaemonConfig
from bridge.config.pace import Pace
from bridge.errors import Problem
from bridge.tunnel.client import UNKNOWN, Client
from bridge.tunnel.pace.throttle import Throttle
from bridge.tunnel.pace.traffic import MAX_DEBT_S, Traffic, Way

ANN = Client("192.0.2.1", 4711, user="ann")
NEIGHBOUR = Client("192.0.2.1", 4712, user="bob")
ABROAD = Client("198.51.100.1", 4711, user="ann")
ONE = Pace(messages_per_s=1)


def traffic(**keys: object) -> Traffic:
    daemons = {"a": DaemonConfig(embedded="chat"), "b": DaemonConfig(embedded="chat", up=ONE)}
    return Traffic(Config.model_validate({"daemons": daemons, **keys}))


def throttle(way: Way, client: Client = ANN, daemon: str = "a") -> Throttle:
    made = way.throttle(daemon, client, whole=True)
    assert made is not None
    return made


def test_without_limits_there_is_no_throttle() -> None:
    made = traffic()
    assert made.up.throttle("a", ANN, whole=True) is None
    assert made.down.throttle("b", ANN, whole=True) is None


@pytest.mark.parametrize(
    ("key", "sharing", "apart"),
    [("client_up", NEIGHBOUR, ABROAD), ("user_up", ABROAD, NEIGHBOUR)],
)
def test_sessions_of_one_client_or_user_share_its_limit(
    key: str, sharing: Client, apart: Client
) -> None:
    up = traffic(**{key: ONE}).up
    assert throttle(up).ask(b"a\0", 0) == 2
    assert throttle(up, sharing).ask(b"a\0", 0) == 0
    assert throttle(up, apart).ask(b"a\0", 0) == 2


def test_all_clients_of_a_daemon_share_its_limit() -> None:
    up = traffic().up
    assert throttle(up, daemon="b").ask(b"a\0", 0) == 2
    assert throttle(up, UNKNOWN, "b").ask(b"a\0", 0) == 0


@pytest.mark.parametrize(
    ("keys", "daemon", "named"),
    [
        ({}, "b", "up.messages_per_s of b"),
        ({"client_up": ONE}, "a", "client_up.messages_per_s of 192.0.2.1"),
        ({"user_up": Pace(bytes_per_s=1)}, "a", "user_up.bytes_per_s of ann"),
    ],
)
def test_a_refusal_names_the_key_of_the_limit_for_the_log(
    keys: dict[str, Pace], daemon: str, named: str
) -> None:
    refusal = throttle(traffic(**keys).up, daemon=daemon).refusal(0)
    assert str(refusal.__cause__) == named


def test_up_and_down_are_limited_apart() -> None:
    made = traffic(client_up=ONE, client_down=ONE)
    assert throttle(made.up).ask(b"a\0", 0) == 2
    assert throttle(made.down).ask(b"a\0", 0) == 2


def test_who_is_not_known_has_no_limit_of_his_own() -> None:
    assert traffic(client_up=ONE, user_up=ONE).up.throttle("a", UNKNOWN, whole=True) is None


def test_who_is_far_ahead_of_his_limit_opens_no_session() -> None:
    made = traffic(client_up=ONE)
    throttle(made.up).charge(b"\0" * int(MAX_DEBT_S), 0)
    made.check(ANN, 0)
    throttle(made.up).charge(b"\0", 0)
    with pytest.raises(Problem) as caught:
        made.check(ANN, 0)
    assert (caught.value.code, caught.value.retry_after_s) == ("rate-limited", 6)
    made.check(ABROAD, 0)
    made.check(ANN, 1)


def test_the_debt_of_a_daemon_keeps_nobody_out() -> None:
    made = traffic()
    throttle(made.up, daemon="b").charge(b"\0" * 100, 0)
    made.check(ANN, 0)

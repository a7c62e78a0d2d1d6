"""One line of a kind in a while; those between are counted."""

from bridge.host.log_throttle import QUIET_S, LogThrottle


def test_the_line_after_a_while_counts_those_that_went_untold() -> None:
    now = 0.0
    throttle = LogThrottle(lambda: now)
    assert [throttle.more("a") for _ in range(3)] == [{}, None, None]
    now = QUIET_S
    assert throttle.more("a") == {"more": 2}


def test_a_line_between_which_nothing_went_untold_counts_nothing() -> None:
    now = 0.0
    throttle = LogThrottle(lambda: now)
    assert throttle.more("a") == {}
    now = QUIET_S
    assert throttle.more("a") == {}


def test_one_kind_keeps_no_other_from_being_told() -> None:
    throttle = LogThrottle(lambda: 0.0)
    assert [throttle.more(kind) for kind in ("a", "b", "a")] == [{}, {}, None]

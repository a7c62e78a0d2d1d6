"""One line of a kind in a while; those between are counted."""

from bridge.host.quiet import QUIET_S, Quiet


def test_the_line_after_a_while_counts_those_that_went_untold() -> None:
    now = 0.0
    quiet = Quiet(lambda: now)
    assert [quiet.more("a") for _ in range(3)] == [{}, None, None]
    now = QUIET_S
    assert quiet.more("a") == {"more": 2}


def test_a_line_between_which_nothing_went_untold_counts_nothing() -> None:
    now = 0.0
    quiet = Quiet(lambda: now)
    assert quiet.more("a") == {}
    now = QUIET_S
    assert quiet.more("a") == {}


def test_one_kind_keeps_no_other_from_being_told() -> None:
    quiet = Quiet(lambda: 0.0)
    assert [quiet.more(kind) for kind in ("a", "b", "a")] == [{}, {}, None]

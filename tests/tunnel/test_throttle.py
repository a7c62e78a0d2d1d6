"""A direction goes as fast as its quotas allow, in portions, and who shares one takes turns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.tunnel.pace.quota import Quota
from bridge.tunnel.pace.rate import Rate
from bridge.tunnel.pace.throttle import PORTION_S, Throttle
from tests.support.daemon import framed

ROUNDING_S = 1e-9


def quota(per_s: float, burst: float, *, of_bytes: bool = False) -> Quota:
    return Quota("a-policy", "a_key", Rate(per_s, burst), "ann", of_bytes)


class Flow:
    """Data that goes through a throttle; `pieces` are what went, and when."""

    def __init__(self, throttle: Throttle, data: bytes) -> None:
        self.left = data
        self.next_at = 0.0
        self.pieces: list[tuple[float, bytes]] = []
        self._throttle = throttle

    def step(self) -> None:
        """Ask once, at the time that the throttle has said."""
        now = self.next_at
        size = self._throttle.ask(self.left, now)
        if size:
            self.pieces.append((now, self.left[:size]))
            self.left = self.left[size:]
        else:
            self.next_at = now + self._throttle.wait_s(now)

    def run(self) -> "Flow":
        while self.left:
            self.step()
        return self

    @property
    def passed(self) -> bytes:
        return b"".join(piece for _, piece in self.pieces)


def flow(data: bytes, *quotas: Quota, whole: bool = True) -> Flow:
    return Flow(Throttle(quotas, whole=whole), data).run()


def test_what_the_bucket_holds_goes_at_once_and_the_rest_at_its_pace() -> None:
    messages = framed([b"a"] * 30)
    went = flow(messages, quota(per_s=10, burst=10))
    assert went.passed == messages
    at_once = sum(len(piece) for now, piece in went.pieces if now == 0) // 2
    assert at_once == 10
    assert went.pieces[-1][0] == pytest.approx(2.0, abs=0.11)


def test_a_portion_is_what_comes_together_in_a_tenth_of_a_second() -> None:
    throttle = Throttle([quota(per_s=100, burst=100)], whole=True)
    assert throttle.ask(framed([b"ab"] * 50), 0) == 3 * 100 * PORTION_S


def test_a_portion_of_bytes_ends_with_a_message() -> None:
    throttle = Throttle([quota(per_s=100, burst=100, of_bytes=True)], whole=True)
    assert throttle.ask(framed([b"abc"] * 50), 0) == 8


def test_where_messages_are_not_whole_a_portion_may_end_anywhere() -> None:
    throttle = Throttle([quota(per_s=100, burst=100, of_bytes=True)], whole=False)
    assert throttle.ask(framed([b"abc"] * 50), 0) == 10


def test_a_message_longer_than_the_bucket_goes_as_a_whole_and_is_paid_for_afterwards() -> None:
    throttle = Throttle([quota(per_s=10, burst=10, of_bytes=True)], whole=True)
    assert throttle.ask(b"x" * 49 + b"\0", 0) == 50
    assert throttle.ask(b"\0", 0) == 0
    assert throttle.wait_s(0) == pytest.approx(4.1)


def test_bytes_without_the_end_of_a_message_pass_even_where_messages_are_whole() -> None:
    throttle = Throttle([quota(per_s=10, burst=10, of_bytes=True)], whole=True)
    assert throttle.ask(b"x" * 20, 0) == 20


def test_the_slowest_quota_is_the_pace() -> None:
    messages = framed([b"abc"] * 40)
    fast, slow = quota(per_s=1000, burst=1), quota(per_s=80, burst=1, of_bytes=True)
    assert flow(messages, fast, slow).pieces[-1][0] == pytest.approx(2.0, abs=0.11)


def test_nothing_goes_before_it_has_been_earned_however_often_it_is_asked() -> None:
    throttle = Throttle([quota(per_s=1, burst=1)], whole=True)
    assert throttle.ask(b"a\0", 0) == 2
    assert [throttle.ask(b"b\0", now) for now in (0, 0.5, 0.9)] == [0, 0, 0]
    assert throttle.ask(b"b\0", 1) == 2


def test_what_was_paid_for_another_portion_is_set_off() -> None:
    own = quota(per_s=10, burst=10, of_bytes=True)
    throttle = Throttle([own], whole=True)
    throttle.charge(b"x" * 10, 0)
    assert throttle.ask(b"\0", 0) == 0  # one byte is paid for
    assert throttle.ask(b"x" * 9 + b"\0", throttle.wait_s(0)) == 10
    assert own.rate.fills_in_s("ann", 0) == pytest.approx(2.0)


def test_an_end_goes_at_once_and_is_charged() -> None:
    own = quota(per_s=1, burst=1)
    Throttle([own], whole=True).charge(framed([b"a"] * 9), 0)
    assert own.wait_s(0) == pytest.approx(9)


def test_who_shares_a_quota_takes_turns() -> None:
    shared = quota(per_s=10, burst=1)
    flood = Flow(Throttle([shared], whole=True), framed([b"f"] * 1000))
    flood.step()
    flood.step()
    late = Flow(Throttle([shared], whole=True), framed([b"l"] * 20))
    while late.left:
        min(flood, late, key=lambda each: each.next_at).step()
    others = len(flood.passed) // 2
    assert others <= 20 + 3


def test_a_refusal_says_how_long_and_of_which_policy() -> None:
    policy = Quota(
        "client-up-bytes", "client_up.bytes_per_s", Rate(10, 20), "192.0.2.1", of_bytes=True
    )
    throttle = Throttle([policy], whole=True)
    throttle.charge(b"x" * 100, 0)
    assert throttle.ask(b"\0", 0) == 0
    refusal = throttle.refusal(0)
    assert (refusal.code, refusal.status, refusal.retry_after_s) == ("rate-limited", 429, 9)
    assert refusal.headers == {
        "RateLimit-Policy": '"client-up-bytes";q=20;w=2;qu="content-bytes"',
        "RateLimit": '"client-up-bytes";r=0;t=9',
    }
    assert str(refusal.__cause__) == "client_up.bytes_per_s of 192.0.2.1"


@given(
    st.lists(st.binary(max_size=30).map(lambda data: data.replace(b"\0", b"x")), max_size=60),
    st.sampled_from([0.5, 7, 100, 5000]),
    st.sampled_from([3, 50, 2000]),
    st.booleans(),
)
def test_all_goes_once_in_order_and_never_more_than_allowed(
    messages: list[bytes], messages_per_s: float, bytes_per_s: float, whole: bool
) -> None:
    data = framed(messages)
    of_messages = quota(messages_per_s, messages_per_s)
    of_bytes = quota(bytes_per_s, bytes_per_s, of_bytes=True)
    went = flow(data, of_messages, of_bytes, whole=whole)
    assert went.passed == data
    longest = max(map(len, messages), default=0) + 1
    portion = max(longest, bytes_per_s * PORTION_S)
    so_far = 0
    for now, piece in went.pieces:
        so_far += len(piece)
        assert so_far <= bytes_per_s * (1 + now) + portion + ROUNDING_S

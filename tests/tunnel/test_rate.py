"""So many at once, then so many a second, for each key by itself."""

from hypothesis import given
from hypothesis import strategies as st

from bridge.tunnel.pace.rate import FEW, Rate


def taken(rate: Rate, key: str, now: float) -> int:
    """How many can be taken at this time."""
    count = 0
    while rate.wait_s(key, now) == 0 and count < 100:
        rate.take(key, now)
        count += 1
    return count


def test_so_many_may_be_taken_at_once() -> None:
    assert taken(Rate(2, burst=5), "a", 0) == 5


def test_one_comes_back_after_its_time_and_never_more_than_the_burst() -> None:
    rate = Rate(2, burst=5)
    taken(rate, "a", 0)
    assert rate.wait_s("a", 0) == 0.5
    assert rate.wait_s("a", 0.25) == 0.25
    assert taken(rate, "a", 0.5) == 1
    assert taken(rate, "a", 1000) == 5


def test_each_key_has_a_bucket_of_its_own() -> None:
    rate = Rate(1, burst=1)
    assert [taken(rate, key, 0) for key in ("a", "b", "a")] == [1, 1, 0]


def test_what_is_left_and_when_all_is_there_again() -> None:
    rate = Rate(2, burst=5)
    rate.take("a", 0, 3)
    assert (rate.left("a", 0), rate.fills_in_s("a", 0)) == (2, 1.5)
    assert (rate.left("a", 0.5), rate.left("a", 9), rate.left("b", 9)) == (3, 5, 5)


def test_more_may_be_taken_than_there_is_and_given_back() -> None:
    rate = Rate(2, burst=5)
    rate.take("a", 0, 9)
    assert (rate.left("a", 0), rate.wait_s("a", 0)) == (0, 2.5)
    rate.take("a", 0, -5)
    assert taken(rate, "a", 0) == 1


def test_a_burst_is_one_at_least() -> None:
    assert taken(Rate(0.1, burst=0.1), "a", 0) == 1


def test_full_buckets_are_forgotten() -> None:
    rate = Rate(1, burst=1)
    for number in range(10 * FEW):
        rate.take(str(number), number)
    assert len(rate) <= FEW
    assert rate.wait_s(str(10 * FEW - 1), 10 * FEW - 1) == 1


@given(st.lists(st.floats(0, 3), max_size=60), st.integers(1, 5), st.sampled_from([0.5, 1.0, 4.0]))
def test_in_no_time_more_is_taken_than_allowed(
    pauses: list[float], burst: int, per_s: float
) -> None:
    rate, now, times = Rate(per_s, burst), 0.0, list[float]()
    for pause in pauses:
        now += pause
        if rate.wait_s("a", now) == 0:
            rate.take("a", now)
            times.append(now)
    for first, start in enumerate(times):
        for count, end in enumerate(times[first:], 1):
            assert count <= burst + (end - start) * per_s + 1e-6

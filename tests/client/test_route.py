"""Which transport comes next, and after how long."""

from bridge.client.outcome import LEFT, Lost
from bridge.client.route import (
    FIRST_PAUSE_S,
    LONGEST_PAUSE_S,
    LONGEST_STAY_S,
    PATIENCE,
    TRANSPORTS,
    Route,
)

WORKED = Lost(worked=True)
MUTE = Lost(worked=False)


def new_route(draw: float = 1.0) -> Route:
    return Route(TRANSPORTS, 30, lambda: draw)


def test_one_that_did_not_get_through_makes_room_for_the_next_at_once() -> None:
    route = new_route()
    assert route.after(MUTE, steady=False) == 0
    assert route.transport == "event-stream"


def test_one_that_worked_is_tried_again_after_a_pause() -> None:
    route = new_route()
    assert route.after(WORKED, steady=False) == FIRST_PAUSE_S
    assert route.transport == "websocket"


def test_half_of_a_pause_is_left_to_chance() -> None:
    assert new_route(0.0).after(WORKED, steady=False) == FIRST_PAUSE_S / 2


def test_when_all_have_failed_it_starts_again_after_pauses_that_double_up_to_a_bound() -> None:
    route = new_route()
    pauses = [route.after(MUTE, steady=False) for _ in range(3 * 2000)]
    assert pauses[:9] == [0, 0, FIRST_PAUSE_S, 0, 0, 2 * FIRST_PAUSE_S, 0, 0, 4 * FIRST_PAUSE_S]
    assert max(pauses) == LONGEST_PAUSE_S


def test_several_pauses_fit_into_the_time_for_which_a_session_is_kept() -> None:
    route = new_route()
    route.hurry(resume_s=6)
    assert max(route.after(MUTE, steady=False) for _ in range(30)) == 1


def test_one_that_breaks_again_and_again_is_taken_to_be_bad() -> None:
    route = new_route()
    tried = []
    for _ in range(PATIENCE + 1):
        route.after(WORKED, steady=False)
        tried.append(route.transport)
    assert tried == [*["websocket"] * PATIENCE, "event-stream"]


def test_a_connection_that_held_long_is_forgiven() -> None:
    route = new_route()
    for _ in range(10 * PATIENCE):
        route.after(WORKED, steady=True)
    assert route.transport == "websocket"


def test_from_another_transport_it_returns_to_the_best_after_stays_that_double() -> None:
    route = new_route()
    assert route.stay_s is None
    stays: list[float | None] = []
    for _ in range(2000):
        route.after(MUTE, steady=False)
        stays.append(route.stay_s)
        assert route.after(LEFT, steady=False) == 0
        assert route.transport == "websocket"
    assert stays[:3] == [30, 60, 120]
    assert stays[-1] == LONGEST_STAY_S


def test_the_bridge_may_ask_for_a_longer_pause() -> None:
    later = Lost(worked=True, retry_after_s=8)
    assert new_route().after(later, steady=False) == 8
    assert new_route().after(Lost(retry_after_s=3), steady=False) == 3

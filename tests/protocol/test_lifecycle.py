"""A session ends once and is forgotten once, in this order."""

import pytest

from bridge.protocol.lifecycle import Event, IllegalTransition, State, after


@pytest.mark.parametrize(
    ("state", "event", "following"),
    [
        (State.OPEN, Event.END, State.ENDED),
        (State.ENDED, Event.FORGET, State.FORGOTTEN),
    ],
)
def test_an_event_in_its_place_moves_the_session_on(
    state: State, event: Event, following: State
) -> None:
    assert after(state, event) is following


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (State.OPEN, Event.FORGET),
        (State.ENDED, Event.END),
        (State.FORGOTTEN, Event.END),
        (State.FORGOTTEN, Event.FORGET),
    ],
)
def test_an_event_out_of_its_place_is_our_own_bug(state: State, event: Event) -> None:
    with pytest.raises(IllegalTransition, match=f"^{event.name} in {state.name}$"):
        after(state, event)

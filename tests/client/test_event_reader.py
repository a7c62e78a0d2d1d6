"""An event stream, cut anywhere."""

import pytest

from bridge.client.event_reader import EventReader, StreamEvent

STREAM = b':\n\nid: 3\ndata: "a: b"\n\n:\n\nevent: close\ndata: {"code": "x"}\n\n'
EVENTS = [StreamEvent("message", 3, b'"a: b"'), StreamEvent("close", None, b'{"code": "x"}')]


@pytest.mark.parametrize("cut", range(len(STREAM) + 1))
def test_events_are_read_wherever_the_stream_is_cut(cut: int) -> None:
    reader = EventReader()
    assert reader.feed(STREAM[:cut]) + reader.feed(STREAM[cut:]) == EVENTS


def test_an_event_that_is_cut_off_is_none() -> None:
    assert EventReader().feed(b"id: 3\ndata: 1\n") == []


def test_an_id_that_is_no_number_is_none() -> None:
    assert EventReader().feed(b"id: x\ndata: 1\n\n") == [StreamEvent("message", None, b"1")]

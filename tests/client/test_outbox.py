"""The messages on their way up: numbers, the bound, and what an acknowledgement forgets."""

import pytest

from bridge.client.errors import Missing
from bridge.client.outbox import BATCH_BYTES, Outbox
from bridge.protocol.down_log import Batch


def outbox_of(*messages: bytes, max_unacked_bytes: int = 1000) -> Outbox:
    outbox = Outbox(max_unacked_bytes)
    for message in messages:
        outbox.push(message)
    return outbox


def test_messages_that_wait_go_out_together() -> None:
    outbox = outbox_of(b"a", b"", b"c")
    assert outbox.take() == Batch(1, 3, b"a\0\0c\0")
    assert outbox.take() is None


def test_numbers_go_on_behind_what_is_acknowledged() -> None:
    outbox = outbox_of(b"a", b"b")
    outbox.take()
    outbox.acknowledge(2)
    assert outbox.push(b"c") == 3
    assert outbox.take() == Batch(3, 3, b"c\0")


def test_above_the_bound_messages_wait_for_an_acknowledgement() -> None:
    outbox = outbox_of(b"x" * 500, b"y" * 500)
    assert outbox.take() == Batch(1, 1, b"x" * 500 + b"\0")
    assert outbox.has_unsent
    assert not outbox.is_ready
    outbox.acknowledge(1)
    assert outbox.take() == Batch(2, 2, b"y" * 500 + b"\0")


def test_a_message_above_the_bound_goes_alone() -> None:
    outbox = outbox_of(b"x" * 2000, b"y")
    assert outbox.take() == Batch(1, 1, b"x" * 2000 + b"\0")
    assert not outbox.is_ready


def test_no_batch_is_too_long_for_a_slow_network() -> None:
    outbox = outbox_of(*[b"x" * 9999] * 20, max_unacked_bytes=10 * BATCH_BYTES)
    batch = outbox.take()
    assert batch is not None
    assert len(batch.data) == 60_000


def test_a_new_connection_gets_what_is_not_acknowledged_under_the_same_numbers() -> None:
    outbox = outbox_of(b"a", b"b", b"c")
    outbox.take()
    outbox.resume(1)
    assert outbox.take() == Batch(2, 3, b"b\0c\0")
    outbox.resume()
    assert outbox.take() == Batch(2, 3, b"b\0c\0")


def test_on_a_socket_no_message_is_left_out_that_an_older_one_delivered_late() -> None:
    outbox = outbox_of(b"a", b"b")
    outbox.take()
    outbox.resume(0)
    outbox.acknowledge_taken(2)
    assert outbox.take() == Batch(1, 2, b"a\0b\0")
    outbox.acknowledge_taken(2)
    assert outbox.is_empty


@pytest.mark.parametrize("acknowledge", [Outbox.acknowledge, Outbox.acknowledge_taken])
def test_what_was_never_sent_cannot_be_acknowledged(acknowledge: object) -> None:
    assert callable(acknowledge)
    with pytest.raises(Missing):
        acknowledge(outbox_of(b"a"), 1)


@pytest.mark.parametrize("accepted", [0, 3])
def test_a_bridge_that_counts_otherwise_is_noticed(accepted: int) -> None:
    outbox = outbox_of(b"a", b"b")
    outbox.take()
    outbox.acknowledge(1)
    with pytest.raises(Missing):
        outbox.resume(accepted)


def test_what_is_acknowledged_is_not_held() -> None:
    outbox = outbox_of(b"a" * 100, b"b")
    assert outbox.held_bytes >= 103
    outbox.take()
    outbox.acknowledge(2)
    assert outbox.held_bytes == 0

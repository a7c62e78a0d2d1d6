"""A session delivers what its daemon says, to whichever receiver is attached just now."""

import pytest

from bridge.protocol.down_log import Batch, Gap
from bridge.tunnel.session import Session
from tests.tunnel.conftest import Recorder, Tunnel, logged


async def test_what_the_daemon_says_is_delivered_to_the_receiver(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    receiver = Recorder()
    session.attach(receiver, 0)
    peer.write(b"a\0b")
    await receiver.received(b"a\0")
    peer.write(b"c\0\0")
    await receiver.received(b"a\0bc\0\0")
    assert [(batch.first, batch.last) for batch in receiver.batches] == [(1, 1), (2, 3)]


async def test_what_came_while_nobody_was_attached_is_delivered_first(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    peer.say(b"a", b"b")
    await logged(session, 2)
    receiver = Recorder()
    session.attach(receiver, 0)
    peer.say(b"c")
    await receiver.received(b"a\0b\0c\0")


async def test_a_character_that_comes_in_two_pieces_is_whole(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    receiver = Recorder()
    session.attach(receiver, 0)
    for piece in (b"a\0\xe2\x82", b"\xac\0"):
        peer.write(piece)
        await receiver.received(b"a\0" if piece.startswith(b"a") else b"a\0\xe2\x82\xac\0")


async def test_a_receiver_that_is_not_ready_gets_all_when_it_is(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    receiver = Recorder(ready=False)
    session.attach(receiver, 0)
    for number, message in enumerate((b"a", b"b"), 1):
        peer.say(message)
        await logged(session, number)
    assert receiver.batches == []
    receiver.ready = True
    session.push()
    assert receiver.data == b"a\0b\0"


async def test_a_new_receiver_displaces_the_old_one_and_gets_all_that_is_unacknowledged(
    tunnel: Tunnel,
) -> None:
    session, peer = await tunnel.open()
    first, second = Recorder(), Recorder()
    session.attach(first, 0)
    peer.say(b"a", b"b")
    await first.received(b"a\0b\0")
    session.attach(second, 0)
    assert (first.displaced_times, second.displaced_times) == (1, 0)
    peer.say(b"c")
    await second.received(b"a\0b\0c\0")
    assert first.data == b"a\0b\0"


async def test_a_new_receiver_begins_behind_the_number_that_it_names(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    first, second = Recorder(), Recorder()
    session.attach(first, 0)
    peer.say(b"a", b"b", b"c")
    await first.received(b"a\0b\0c\0")
    session.attach(second, 2)
    assert second.data == b"c\0"


@pytest.mark.parametrize("after", [0, 3])
async def test_a_receiver_with_an_impossible_number_displaces_nobody(
    tunnel: Tunnel, after: int
) -> None:
    session, peer = await tunnel.open()
    receiver = Recorder()
    session.attach(receiver, 0)
    peer.say(b"a", b"b")
    await receiver.received(b"a\0b\0")
    session.acknowledge(1)
    with pytest.raises(Gap):
        session.attach(Recorder(), after)
    assert (session.receiver, receiver.displaced_times) == (receiver, 0)


async def test_a_receiver_that_has_gone_gets_nothing_more(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    receiver = Recorder()
    session.attach(receiver, 0)
    session.detach(receiver)
    peer.say(b"a")
    await logged(session, 1)
    assert (session.receiver, receiver.batches) == (None, [])


async def test_a_displaced_receiver_that_goes_takes_nobody_along(tunnel: Tunnel) -> None:
    session, _ = await tunnel.open()
    first, second = Recorder(), Recorder()
    session.attach(first, 0)
    session.attach(second, 0)
    session.detach(first)
    assert session.receiver is second


async def test_acknowledging_what_was_never_sent_is_a_gap(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    peer.say(b"a")
    await logged(session, 1)
    with pytest.raises(Gap):
        session.acknowledge(1)


async def test_acknowledging_what_was_never_sent_is_a_gap_for_an_attached_receiver_too(
    tunnel: Tunnel,
) -> None:
    session, peer = await tunnel.open()
    receiver = Recorder()
    session.attach(receiver, 0)
    peer.say(b"a")
    await receiver.received(b"a\0")
    with pytest.raises(Gap):
        session.acknowledge(2)


async def test_acknowledging_does_not_take_from_an_attached_receiver_what_it_has_not_got(
    tunnel: Tunnel,
) -> None:
    session, peer = await tunnel.open()
    first, second = Recorder(), Recorder(ready=False)
    session.attach(first, 0)
    for number, message in enumerate((b"a", b"b"), 1):
        peer.say(message)
        await logged(session, number)
    session.attach(second, 0)
    session.acknowledge(2)
    assert session.core.down.acknowledged == 0
    second.ready = True
    session.push()
    assert second.data == b"a\0b\0"
    session.acknowledge(2)
    assert session.core.down.acknowledged == 2


async def test_a_receiver_may_acknowledge_what_is_just_being_delivered(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    receiver = Acknowledging(session)
    session.attach(receiver, 0)
    for data in (b"a\0", b"a\0b\0"):
        peer.say(data[-2:-1])
        await receiver.received(data)
    assert (session.core.down.acknowledged, session.core.down.held_bytes) == (2, 0)


class Acknowledging(Recorder):
    """A receiver for which written is delivered."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def deliver(self, batch: Batch) -> None:
        super().deliver(batch)
        self._session.acknowledge(batch.last)


async def test_unframed_the_daemons_bytes_are_delivered_as_they_come(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open(framed=False)
    receiver = Recorder()
    session.attach(receiver, 0)
    peer.write(b"\xff\0un")
    await receiver.received(b"\xff\0un")


async def test_waiting_for_a_change_ends_with_each_down_message(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    for number in (1, 2):
        peer.say(b"a")
        await logged(session, number)
    assert session.core.down.last == 2


async def test_a_new_receiver_has_what_it_says_though_the_one_before_had_not_got_it(
    tunnel: Tunnel,
) -> None:
    session, peer = await tunnel.open()
    first, lagging, newest = Recorder(), Recorder(ready=False), Recorder()
    session.attach(first, 0)
    peer.say(b"a", b"b", b"c")
    await first.received(b"a\0b\0c\0")
    session.attach(lagging, 0)
    session.attach(newest, 2)
    assert newest.data == b"c\0"
    assert session.core.down.acknowledged == 2
    with pytest.raises(Gap):
        session.attach(Recorder(), 1)

"""A session passes messages both ways, to whichever receiver is attached just now."""

import logging
from typing import Any

import pytest

from bridge.errors import CloseCode
from bridge.protocol.checks import NOT_UTF8, Fault
from bridge.protocol.down_log import BATCH_OVERHEAD_BYTES, Batch, Gap
from bridge.protocol.up_log import Refusal, TooFarAhead
from bridge.tunnel.session import Session
from bridge.tunnel.terms import terms_of
from tests.tunnel.conftest import MakeTunnel, Recorder, Tunnel, logged, send

# -- the client receives


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


# -- the client sends


async def test_what_the_client_sends_reaches_the_daemon_once(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    for first, batch in ((1, b"a\0b\0"), (2, b"b\0c\0"), (1, b"a\0"), (4, b"d\0")):
        assert send(session, first, batch) == []
    await peer.received_messages(b"a", b"b", b"c", b"d")


async def test_nothing_of_a_message_that_is_refused_reaches_the_daemon(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    assert send(session, 1, b"a\0\xff\0b\0") == [Refusal(2, NOT_UTF8)]
    await peer.received_messages(b"a", b"b")


async def test_who_stops_at_a_refusal_sends_nothing_of_what_is_behind_it(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    assert next(iter(session.send(1, b"a\0\xff\0b\0"))) == Refusal(2, NOT_UTF8)
    assert session.core.up.accepted == 2
    send(session, 3, b"c\0")
    await peer.received_messages(b"a", b"c")


async def test_sending_too_far_ahead_sends_nothing(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    with pytest.raises(TooFarAhead):
        send(session, 2, b"b\0")
    send(session, 1, b"a\0")
    await peer.received_messages(b"a")


async def test_nothing_is_accepted_after_the_end(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    session.end(CloseCode.KICKED)
    send(session, 1, b"a\0\xff\0")
    session.send_bytes(b"b\0")
    assert (session.core.up.accepted, session.core.up.accepted_bytes) == (0, 0)
    assert await peer.ended() == b""


async def test_a_message_refused_unseen_uses_its_number_up(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    fault = Fault("message-too-big", "why")
    assert session.refuse(fault) == Refusal(1, fault)
    send(session, 2, b"b\0")
    await peer.received_messages(b"b")


async def test_bytes_that_are_no_messages_are_counted_by_their_zero_bytes(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    session.send_bytes(b"a\0b")
    session.send_bytes(b"c\0\0")
    assert await peer.received(6) == b"a\0bc\0\0"
    assert (session.core.up.accepted, session.core.up.accepted_bytes) == (3, 6)


# -- what it tells


async def test_the_terms_are_what_the_client_is_told(make_tunnel: MakeTunnel) -> None:
    session, _ = await make_tunnel(
        wait_s=1.5, resume_s=2, heartbeat_s=3, max_message_bytes=4, max_unacked_bytes=5
    ).open()
    assert terms_of(session) == {
        "id": session.id,
        "key": session.key,
        "wait_s": 1.5,
        "resume_s": 2,
        "heartbeat_s": 3,
        "max_message_bytes": 4,
        "max_unacked_bytes": 5,
    }


async def test_a_session_shows_its_daemon_its_receiver_and_its_logs_but_never_its_key(
    tunnel: Tunnel,
) -> None:
    session, _ = await tunnel.open()
    logs = "<SessionCore OPEN <DownLog 0/0 held=0> <UpLog 0>>"
    assert repr(session) == f"<Session {session.id} chat receiver=None {logs}>"
    session.attach(Recorder(transport_name="poll"), 0)
    assert repr(session) == f"<Session {session.id} chat receiver=poll {logs}>"
    assert session.key not in repr(session)


def stories(caplog: pytest.LogCaptureFixture) -> list[tuple[str, dict[str, Any]]]:
    """The journal: what happened, and the fields that tell it."""
    return [
        (record.getMessage(), dict(record.__dict__["fields"]))
        for record in caplog.records
        if record.name == "bridge.session"
    ]


async def test_the_journal_tells_the_life_of_a_session_and_of_its_first_refusal(
    tunnel: Tunnel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bridge.session")
    session, peer = await tunnel.open()
    receiver = Recorder(transport_name="websocket")
    session.attach(receiver, 0)
    send(session, 1, b"abc\0\xff\0\xff\0")
    peer.say(b"a", b"bc")
    peer.write(b"d")
    await receiver.received(b"a\0bc\0")
    peer.close()
    await receiver.told_the_end()
    who = {"id": session.id, "daemon": "chat"}
    told = stories(caplog)
    assert told[-1][1].pop("seconds") >= 0
    assert told == [
        ("session opened", {**who, "transport": "recorder"}),
        ("session attached", {**who, "transport": "websocket", "after": 0}),
        ("message refused", {**who, "message": 2, "code": "bad-encoding"}),
        (
            "session ended",
            {
                **who,
                "transport": "websocket",
                "code": "daemon-closed",
                "detail": "the daemon ended its stream",
                "refused": 2,
                "up": 3,
                "up_bytes": 4,
                "down": 2,
                "down_bytes": 6,
            },
        ),
    ]
    assert session.key not in repr(told)


async def test_the_journal_counts_the_bytes_of_an_unframed_session_and_no_messages(
    tunnel: Tunnel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bridge.session")
    session, peer = await tunnel.open(framed=False)
    peer.write(b"a\0b")
    await logged(session, 1)
    session.end(CloseCode.CLIENT_CLOSED)
    event, fields = stories(caplog)[-1]
    assert (event, fields["down_bytes"], "down" in fields) == ("session ended", 3, False)


async def test_the_journal_tells_of_a_receiver_only_if_the_transport_changes(
    tunnel: Tunnel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bridge.session")
    session, _ = await tunnel.open()
    for name in ("recorder", "recorder", "poll", "poll"):
        session.attach(Recorder(transport_name=name), 0)
    told = [fields["transport"] for event, fields in stories(caplog) if event.endswith("attached")]
    assert told == ["poll"]


async def test_the_journal_tells_of_a_message_refused_unseen(
    tunnel: Tunnel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bridge.session")
    session, _ = await tunnel.open()
    session.refuse(Fault("message-too-big", "why"))
    event, fields = stories(caplog)[-1]
    assert (event, fields["message"], fields["code"]) == ("message refused", 1, "message-too-big")


# -- what it counts


async def test_what_was_acknowledged_or_dropped_weighs_on_nobody(make_tunnel: MakeTunnel) -> None:
    tunnel = make_tunnel(max_buffered_bytes=2000)
    first, peer = await tunnel.open()
    second, other = await tunnel.open()
    receiver = Recorder()
    first.attach(receiver, 0)
    peer.say(b"a", b"x" * 500)
    await receiver.received(b"a\0" + b"x" * 500 + b"\0")
    first.attach(Recorder(), 1)
    other.say(b"y" * 500)
    await logged(second, 1)
    first.acknowledge(2)
    second.end(CloseCode.KICKED)
    await takes_up(tunnel, 2000)


async def takes_up(tunnel: Tunnel, held_bytes: int) -> None:
    """Returns if the common budget has room for so much and no more."""
    session, peer = await tunnel.open()
    peer.say(b"x" * (held_bytes - BATCH_OVERHEAD_BYTES - 1))
    await logged(session, 1)
    assert not session.log_is_full
    other, peer = await tunnel.open()
    peer.say(b"")
    await logged(other, 1)
    assert other.log_is_full


async def test_an_ack_that_overtakes_a_receiver_skips_nothing_behind_its_back(
    tunnel: Tunnel,
) -> None:
    session, peer = await tunnel.open()
    first, second = Recorder(), Recorder(ready=False)
    session.attach(first, 0)
    peer.say(b"1", b"2", b"3")
    await first.received(b"1\0002\0003\0")
    session.attach(second, 0)
    session.acknowledge(3)
    second.ready = True
    session.push()
    assert second.data == b"1\0002\0003\0"

"""A session passes on what its client sends, and tells of its life."""

import logging
from typing import Any

import pytest

from bridge.errors import CloseCode
from bridge.protocol.checks import NOT_UTF8, Fault
from bridge.protocol.down_log import BATCH_OVERHEAD_BYTES
from bridge.protocol.up_log import Refusal, TooFarAhead
from bridge.tunnel.terms import terms_of
from tests.tunnel.conftest import MakeTunnel, Recorder, Tunnel, logged, send

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
        (
            "message refused",
            {**who, "message": 2, "code": "bad-encoding", "detail": "the message is not UTF-8"},
        ),
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


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ("the message is longer than 9 bytes", "the message is longer than 9 bytes"),
        (
            "it does not fit line 3 of a.rng: Expecting b, got secret",
            "it does not fit line 3 of a.rng",
        ),
        (
            "it declares the encoding 'secret', not UTF-8",
            "it declares the encoding '...', not UTF-8",
        ),
        ('it declares "it\'s a secret"', "it declares '...'"),
    ],
)
async def test_the_journal_tells_why_a_message_is_refused_and_nothing_that_is_in_it(
    tunnel: Tunnel, caplog: pytest.LogCaptureFixture, detail: str, told: str
) -> None:
    caplog.set_level(logging.INFO, "bridge.session")
    session, _ = await tunnel.open()
    session.refuse(Fault("not-well-formed", detail))
    assert stories(caplog)[-1][1]["detail"] == told


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

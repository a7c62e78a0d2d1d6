"""Receive: `GET /v1/sessions/{id}/messages?ack=N&wait=S`."""

import asyncio

import pytest

from tests.support.clients import PATIENTLY_S, Session
from tests.support.daemon import ScriptedDaemon, framed


async def test_without_wait_a_quiet_session_answers_204_at_once(session: Session) -> None:
    (await session.receive()).empty()


async def test_messages_come_zero_terminated_and_numbered_from_1(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).say(b"<a/>", b"<b/>")
    await session.peek(2)
    answer = await session.receive(ack=0)
    assert answer.body == b"<a/>\0<b/>\0"
    assert answer.media_type == "application/vnd.xmlsocket"
    assert answer.first == 1


async def test_a_waiting_receive_is_answered_by_the_first_message(
    session: Session, daemon: ScriptedDaemon
) -> None:
    poll = await session.park(ack=0)
    (await daemon.accepted()).say(b"<a/>")
    answer = await poll
    assert answer.messages == [b"<a/>"]
    assert answer.first == 1


async def test_the_wait_may_be_a_decimal(session: Session) -> None:
    (await session.receive(wait=0.05)).empty()


async def test_every_receive_tells_the_highest_up_number_accepted(
    session: Session, daemon: ScriptedDaemon
) -> None:
    assert (await session.receive()).ack == 0
    await session.send(b"<a/>", b"<b/>")
    assert (await session.receive()).ack == 2
    (await daemon.accepted()).say(b"<hi/>")
    assert (await session.receive(wait=PATIENTLY_S)).ack == 2


async def test_a_receive_answers_from_the_message_after_its_ack(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).say(b"<a/>", b"<b/>", b"<c/>")
    await session.peek(3)
    answer = await session.receive(ack=2)
    assert answer.messages == [b"<c/>"]
    assert answer.first == 3


async def test_a_receive_repeated_with_the_same_ack_gets_the_same_messages(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    connection.say(b"<a/>", b"<b/>")
    await session.peek(2)
    for _ in range(3):
        answer = await session.receive(ack=0)
        assert answer.messages == [b"<a/>", b"<b/>"]
        assert answer.first == 1


async def test_numbers_go_on_over_many_receives(session: Session, daemon: ScriptedDaemon) -> None:
    connection = await daemon.accepted()
    for number in range(1, 6):
        connection.say(b"<n>%d</n>" % number)
        answer = await session.receive(number - 1, PATIENTLY_S)
        assert answer.first == number
        assert answer.messages == [b"<n>%d</n>" % number]


async def test_without_ack_all_that_was_sent_before_counts_as_received(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    connection.say(b"<a/>")
    assert (await session.receive(wait=PATIENTLY_S)).messages == [b"<a/>"]
    (await session.receive()).empty()
    connection.say(b"<b/>")
    answer = await session.receive(wait=PATIENTLY_S)
    assert answer.messages == [b"<b/>"]
    assert answer.first == 2


async def test_what_was_counted_as_received_is_forgotten(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).say(b"<a/>")
    await session.peek(1)
    (await session.receive()).empty()
    (await session.receive(ack=0)).gap()


async def test_an_ack_below_what_is_still_held_is_a_gap(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).say(b"<a/>", b"<b/>", b"<c/>")
    await session.peek(3)
    await session.receive(ack=2)
    (await session.receive(ack=1)).gap()


async def test_an_ack_of_all_but_what_is_still_held_may_be_repeated(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).say(b"<a/>", b"<b/>")
    await session.peek(2)
    for _ in range(2):
        assert (await session.receive(ack=1)).messages == [b"<b/>"]


async def test_an_ack_above_what_was_ever_sent_is_a_gap_and_forgets_nothing(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).say(b"<a/>")
    await session.peek(1)
    (await session.receive(ack=1000)).gap()
    assert await session.peek(1) == [b"<a/>"]


async def test_a_wait_does_not_delay_a_gap(session: Session) -> None:
    (await session.receive(ack=7, wait=PATIENTLY_S)).gap()


@pytest.mark.parametrize("daemon_name", ["chat", "strict", "blob"])
async def test_an_empty_message_is_a_message(
    session: Session, daemon: ScriptedDaemon, daemon_name: str
) -> None:
    await daemon.accepted()
    keep_alive = await session.client.open(daemon_name)
    (await daemon.accepted()).write(b"\0<a/>\0\0\0")
    assert await keep_alive.peek(4) == [b"", b"<a/>", b"", b""]


async def test_a_message_may_arrive_in_pieces(session: Session, daemon: ScriptedDaemon) -> None:
    messages = [b"<a/>", "<b>žluť</b>".encode(), b""]
    stream = framed(messages)
    await (await daemon.accepted()).send(stream[i : i + 1] for i in range(len(stream)))
    assert await session.collect(3) == messages


async def test_a_message_is_not_delivered_before_its_zero_byte(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    connection.write(b"<a/>\0<b>")
    assert (await session.receive(0, PATIENTLY_S)).messages == [b"<a/>"]
    connection.write(b"</b>\0")
    assert (await session.receive(1, PATIENTLY_S)).messages == [b"<b></b>"]


async def test_a_newer_receive_displaces_the_older_and_gets_the_messages(
    session: Session, daemon: ScriptedDaemon
) -> None:
    older = await session.park(ack=0)
    newer = asyncio.ensure_future(session.receive(0, PATIENTLY_S))
    (await older).problem(409, "displaced")
    (await daemon.accepted()).say(b"<a/>")
    assert (await newer).messages == [b"<a/>"]


async def test_of_many_receives_at_once_one_gets_the_messages_and_all_others_are_displaced(
    session: Session, daemon: ScriptedDaemon
) -> None:
    polls = [asyncio.ensure_future(session.receive(0, PATIENTLY_S)) for _ in range(60)]
    displaced = asyncio.as_completed(polls)
    for _ in polls[1:]:
        (await next(displaced)).problem(409, "displaced")
    (await daemon.accepted()).say(b"<a/>")
    assert (await next(displaced)).messages == [b"<a/>"]


async def test_a_receive_without_wait_displaces_too(session: Session) -> None:
    older = await session.park(ack=0)
    (await session.receive(ack=0)).empty()
    (await older).problem(409, "displaced")


async def test_a_displaced_client_that_comes_back_has_lost_nothing(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    older = await session.park(ack=0)
    newer = asyncio.ensure_future(session.receive(0, PATIENTLY_S))
    (await older).problem(409, "displaced")
    connection.say(b"<a/>")
    await newer
    assert await session.peek(1) == [b"<a/>"]


async def test_a_client_that_vanishes_while_it_waits_loses_nothing(
    session: Session, daemon: ScriptedDaemon
) -> None:
    poll = await session.park(ack=0)
    poll.cancel()
    (await daemon.accepted()).say(b"<a/>", b"<b/>")
    assert await session.collect(2) == [b"<a/>", b"<b/>"]


async def test_sessions_do_not_displace_each_other(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    poll = await session.park(ack=0)
    other = await session.client.open()
    (await other.receive(ack=0)).empty()
    connection.say(b"<a/>")
    assert (await poll).messages == [b"<a/>"]

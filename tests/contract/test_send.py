"""Send: `POST /v1/sessions/{id}/messages?first=K&ack=N&wait=S`."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.support.clients import PATIENTLY_S, Client, Session
from tests.support.daemon import ScriptedDaemon


async def test_messages_reach_the_daemon_zero_terminated(
    session: Session, daemon: ScriptedDaemon
) -> None:
    answer = await session.send(b"<a/>", b"<b/>", first=1)
    answer.empty()
    assert answer.ack == 2
    assert await (await daemon.accepted()).received(10) == b"<a/>\0<b/>\0"


async def test_without_first_messages_are_numbered_after_the_last_accepted(
    session: Session, daemon: ScriptedDaemon
) -> None:
    assert (await session.send(b"<a/>", b"<b/>")).ack == 2
    assert (await session.send(b"<c/>")).ack == 3
    await (await daemon.accepted()).received_messages(b"<a/>", b"<b/>", b"<c/>")


async def test_numbers_already_accepted_are_skipped(
    session: Session, daemon: ScriptedDaemon
) -> None:
    for _ in range(3):
        answer = await session.send(b"<a/>", b"<b/>", first=1)
        answer.empty()
        assert answer.ack == 2
    await session.send(b"<end/>", first=3)
    await (await daemon.accepted()).received_messages(b"<a/>", b"<b/>", b"<end/>")


async def test_a_send_that_overlaps_an_older_one_adds_only_what_is_new(
    session: Session, daemon: ScriptedDaemon
) -> None:
    await session.send(b"<a/>", b"<b/>", first=1)
    answer = await session.send(b"<b/>", b"<c/>", b"<d/>", first=2)
    answer.empty()
    assert answer.ack == 4
    await (await daemon.accepted()).received_messages(b"<a/>", b"<b/>", b"<c/>", b"<d/>")


async def test_the_same_send_made_twice_at_once_is_accepted_once(
    session: Session, daemon: ScriptedDaemon
) -> None:
    batch = [b"<n>%d</n>" % n for n in range(500)]
    answers = await asyncio.gather(*(session.send(*batch, first=1) for _ in range(4)))
    assert {answer.status for answer in answers} == {204}
    await session.send(b"<end/>")
    await (await daemon.accepted()).received_messages(*batch, b"<end/>")


async def test_a_first_too_far_ahead_is_a_gap_that_says_what_is_expected(
    session: Session, daemon: ScriptedDaemon
) -> None:
    await session.send(b"<a/>", first=1)
    answer = await session.send(b"<c/>", first=3)
    assert answer.gap()["expected"] == 2
    assert answer.ack == 1
    await session.send(b"<b/>", first=2)
    await (await daemon.accepted()).received_messages(b"<a/>", b"<b/>")


async def test_the_first_send_of_a_session_is_expected_to_begin_at_1(session: Session) -> None:
    assert (await session.send(b"<a/>", first=2)).gap()["expected"] == 1


async def test_an_empty_body_holds_no_message(session: Session, daemon: ScriptedDaemon) -> None:
    answer = await session.send(first=1)
    answer.empty()
    assert answer.ack == 0


@pytest.mark.parametrize("daemon_name", ["chat", "strict", "blob"])
async def test_an_empty_message_passes_every_check(
    client: Client, daemon: ScriptedDaemon, daemon_name: str
) -> None:
    session = await client.open(daemon_name)
    answer = await session.post(b"\0\0<a/>\0\0")
    answer.empty()
    assert answer.ack == 4
    assert await (await daemon.accepted()).received(8) == b"\0\0<a/>\0\0"


async def test_a_body_without_a_zero_byte_is_unterminated_and_accepts_nothing(
    session: Session, daemon: ScriptedDaemon
) -> None:
    answer = await session.post(b"<a/>")
    answer.problem(400, "unterminated")
    assert answer.ack == 0
    await session.send(b"<b/>", first=1)
    await (await daemon.accepted()).received_messages(b"<b/>")


async def test_after_an_unterminated_body_the_ack_says_what_the_daemon_got(
    session: Session, daemon: ScriptedDaemon
) -> None:
    answer = await session.post(b"<a/>\0<b", {"first": 1})
    answer.problem(400, "unterminated")
    accepted = [b"<a/>"][: answer.ack]
    await session.send(b"<end/>", first=answer.ack + 1)
    await (await daemon.accepted()).received_messages(*accepted, b"<end/>")


async def test_with_wait_a_send_receives_the_reply_in_the_same_round_trip(
    session: Session, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    answer = await session.send(b"<a/>", first=1, ack=0, wait=PATIENTLY_S)
    assert answer.messages == [b"<a/>"]
    assert answer.first == 1
    assert answer.ack == 1


async def test_with_wait_and_nothing_to_receive_a_send_answers_204(session: Session) -> None:
    answer = await session.send(b"<a/>", wait=0.05)
    answer.empty()
    assert answer.ack == 1


async def test_with_wait_and_without_ack_all_sent_before_counts_as_received(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).say(b"<a/>")
    await session.peek(1)
    (await session.send(wait=0.05)).empty()
    (await session.receive(ack=0)).gap()


async def test_with_wait_a_send_displaces_the_older_receive(session: Session) -> None:
    older = await session.park(ack=0)
    (await session.send(b"<a/>", ack=0, wait=0.05)).empty()
    (await older).problem(409, "displaced")


async def test_without_wait_a_send_displaces_nobody(
    session: Session, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    poll = await session.park(ack=0)
    (await session.send(b"<a/>", ack=0)).empty()
    assert (await poll).messages == [b"<a/>"]


async def test_without_wait_and_ack_a_send_forgets_nothing(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).say(b"<a/>")
    await session.peek(1)
    (await session.send(b"<up/>")).empty()
    assert await session.peek(1) == [b"<a/>"]


async def test_without_wait_an_explicit_ack_forgets(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).say(b"<a/>", b"<b/>")
    await session.peek(2)
    (await session.send(ack=1)).empty()
    (await session.receive(ack=0)).gap()
    assert (await session.receive(ack=1)).messages == [b"<b/>"]


async def test_without_wait_a_late_ack_is_ignored(session: Session, daemon: ScriptedDaemon) -> None:
    connection = await daemon.accepted()
    connection.say(b"<a/>", b"<b/>")
    await session.peek(2)
    await session.receive(ack=2)
    answer = await session.send(b"<up/>", ack=1)
    answer.empty()
    assert answer.ack == 1
    await connection.received_messages(b"<up/>")


async def test_with_wait_a_late_ack_is_a_gap_and_accepts_nothing(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    connection.say(b"<a/>", b"<b/>")
    await session.peek(2)
    await session.receive(ack=2)
    answer = await session.send(b"<refused/>", ack=1, wait=0.05)
    answer.gap()
    assert answer.ack == 0
    await session.send(b"<up/>", first=1)
    await connection.received_messages(b"<up/>")


@pytest.mark.parametrize("wait", [None, 0.05])
async def test_an_ack_above_what_was_ever_sent_accepts_nothing(
    session: Session, daemon: ScriptedDaemon, wait: float | None
) -> None:
    answer = await session.send(b"<refused/>", first=1, ack=1000, wait=wait)
    answer.gap()
    assert answer.ack == 0
    await session.send(b"<up/>", first=1)
    await (await daemon.accepted()).received_messages(b"<up/>")


async def test_after_the_end_a_send_without_wait_is_refused_as_ended(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    await session.send(b"<a/>", first=1)
    await connection.received_messages(b"<a/>")
    connection.close()
    await session.ended()
    answer = await session.send(b"<b/>", first=2)
    answer.problem(409, "ended")
    assert answer.ack == 1


async def test_after_the_end_a_send_with_wait_receives_what_is_left(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    connection.say(b"<bye/>")
    connection.close()
    await session.follow()
    answer = await session.send(b"<late/>", ack=0, wait=PATIENTLY_S)
    assert answer.messages == [b"<bye/>"]
    assert answer.ack == 0
    answer = await session.send(b"<late/>", ack=1, wait=PATIENTLY_S)
    answer.problem(410, "daemon-closed")
    assert answer.ack == 0


async def test_a_client_that_vanishes_after_sending_may_repeat_itself(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    lost = asyncio.ensure_future(session.send(b"<a/>", first=1, ack=0, wait=PATIENTLY_S))
    await connection.received_messages(b"<a/>")
    lost.cancel()
    connection.say(b"<reply/>")
    answer = await session.send(b"<a/>", first=1, ack=0, wait=PATIENTLY_S)
    assert answer.messages == [b"<reply/>"]
    assert answer.ack == 1
    await session.send(b"<end/>", first=2)
    await connection.received_messages(b"<a/>", b"<end/>")


async def test_a_body_cut_off_by_a_vanishing_client_leaves_the_session_in_order(
    session: Session, daemon: ScriptedDaemon
) -> None:
    """Whatever of it was accepted, the numbers say so, and nothing is doubled."""
    started = asyncio.Event()
    batch = [b"<n>%d</n>" % n for n in range(2000)]

    async def half_a_body() -> AsyncIterator[bytes]:
        yield b"".join(message + b"\0" for message in batch[:1000])
        started.set()
        await asyncio.Event().wait()

    lost = asyncio.ensure_future(session.post(half_a_body(), {"first": 1}))
    await started.wait()
    lost.cancel()
    answer = await session.send(*batch, first=1)
    answer.empty()
    assert answer.ack == 2000
    await session.send(b"<end/>")
    await (await daemon.accepted()).received_messages(*batch, b"<end/>")

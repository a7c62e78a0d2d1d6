"""Delete: `DELETE /v1/sessions/{id}`."""

import asyncio

from tests.support.clients import Session
from tests.support.daemon import ScriptedDaemon, framed
from tests.support.sockets import attach


async def test_delete_answers_204_repeated_too(session: Session) -> None:
    for _ in range(3):
        (await session.delete()).empty()


async def test_delete_closes_the_daemons_connection(
    session: Session, daemon: ScriptedDaemon
) -> None:
    await session.delete()
    assert await (await daemon.accepted()).ended() == b""


async def test_accepted_messages_are_flushed_before_the_connection_closes(
    session: Session, daemon: ScriptedDaemon
) -> None:
    daemon.is_stalled = True
    session = await session.client.open()
    await daemon.accepted()
    connection = await daemon.accepted()
    batch = [b"%d:" % number + b"x" * 10_000 for number in range(50)]
    assert (await session.send(*batch)).ack == 50
    deleted = asyncio.ensure_future(session.delete())
    connection.resume()
    (await deleted).empty()
    assert await connection.ended() == framed(batch)


async def test_after_delete_the_session_is_ended_or_unknown(session: Session) -> None:
    await session.delete()
    answer = await session.receive()
    assert answer.problem(answer.status)["code"] in {"client-closed", "unknown-session"}
    assert answer.status in {404, 410}


async def test_after_delete_nothing_is_accepted(session: Session, daemon: ScriptedDaemon) -> None:
    await session.delete()
    answer = await session.send(b"<late/>")
    assert answer.status in {404, 409}
    assert await (await daemon.accepted()).ended() == b""


async def test_the_tail_is_dropped(session: Session, daemon: ScriptedDaemon) -> None:
    (await daemon.accepted()).say(b"<a/>")
    await session.peek(1)
    await session.delete()
    # Whether what is gone is a gap, ended or unknown is not laid down.
    assert (await session.receive(ack=0)).status in {404, 409, 410}


async def test_a_waiting_receive_is_told_that_the_client_closed(session: Session) -> None:
    poll = await session.park(ack=0)
    await session.delete()
    (await poll).problem(410, "client-closed")


async def test_a_stream_is_told_that_the_client_closed(session: Session) -> None:
    async with session.events() as stream:
        await session.delete()
        event = await stream.next()
        assert event is not None
        assert event.name == "close"
        assert event.data["code"] == "client-closed"


async def test_an_attached_socket_is_told_that_the_client_closed(session: Session) -> None:
    socket = await attach(session)
    await session.delete()
    assert (await socket.told("close"))["code"] == "client-closed"


async def test_delete_leaves_other_sessions_alone(session: Session, daemon: ScriptedDaemon) -> None:
    other = await session.client.open()
    await daemon.accepted()
    connection = await daemon.accepted()
    await session.delete()
    await other.send(b"<a/>")
    await connection.received_messages(b"<a/>")


async def test_delete_of_an_ended_session_answers_204(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).close()
    await session.ended()
    (await session.delete()).empty()

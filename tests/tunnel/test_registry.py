"""Sessions are opened while there is room, found by id and key, and kept for a time."""

import asyncio
import re
import socket

import pytest

from bridge.errors import CloseCode, Problem
from bridge.tunnel.session import Session
from tests.support.clock import SteppedLoop, turns
from tests.support.daemon import ScriptedDaemon
from tests.tunnel.conftest import (
    MakeTunnel,
    Recorder,
    Tunnel,
    ended,
    heard_by_a_late_receiver,
    logged,
    refused,
)

RESUME_S = 60.0
A_LITTLE_S = 0.1


def is_known(tunnel: Tunnel, session: Session) -> bool:
    """Whether the session is found by its id and key."""
    try:
        return tunnel.registry.find(session.id, session.key) is session
    except Problem:
        return False


# -- opening


async def test_a_session_is_named_after_its_node(make_tunnel: MakeTunnel) -> None:
    session, _ = await make_tunnel(node="b7").open()
    assert re.fullmatch(r"b7-[A-Za-z0-9_-]{16}", session.id)
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}", session.key)


async def test_no_two_sessions_have_an_id_or_a_key_in_common(tunnel: Tunnel) -> None:
    sessions = [(await tunnel.open())[0] for _ in range(3)]
    assert len({session.id for session in sessions} | {session.key for session in sessions}) == 6


async def test_a_session_opens_for_the_transport_that_asked(tunnel: Tunnel) -> None:
    session = await tunnel.registry.open(tunnel.daemon(), "raw", resumable=False, framed=False)
    assert (session.transport_name, session.resumable) == ("raw", False)


async def test_a_daemon_that_cannot_be_reached_opens_nothing_and_takes_no_place(
    make_tunnel: MakeTunnel, dead_port: int
) -> None:
    tunnel = make_tunnel(max_sessions=1)
    with pytest.raises(Problem) as caught:
        await tunnel.registry.open(tunnel.daemon(dead_port), "recorder")
    assert caught.value.code == "daemon-unreachable"
    assert tunnel.registry.open_count == 0
    await tunnel.open()


async def test_a_daemon_that_does_not_answer_times_out(
    make_tunnel: MakeTunnel, silent_port: int, clock: SteppedLoop
) -> None:
    tunnel = make_tunnel(connect_timeout_s=4)
    async with asyncio.TaskGroup() as group:
        opening = group.create_task(refused(tunnel, silent_port))
        await clock.pass_time(4 - A_LITTLE_S)
        assert not opening.done()
        await clock.pass_time(A_LITTLE_S)
    assert opening.result().code == "daemon-timeout"


async def test_a_daemon_that_speaks_and_closes_at_once_leaves_its_tail(
    tunnel: Tunnel, daemon: ScriptedDaemon
) -> None:
    daemon.say_goodbye(b"a", b"b")
    session, _ = await tunnel.open()
    await ended(session)
    assert heard_by_a_late_receiver(session) == (b"a\0b\0", CloseCode.DAEMON_CLOSED)


async def test_a_daemon_that_ends_the_session_before_it_is_opened_leaves_its_tail(
    tunnel: Tunnel,
) -> None:
    session = await opened_late(tunnel, b"a\0\xff\0")
    await ended(session)
    assert is_known(tunnel, session)
    assert tunnel.registry.open_count == 0
    assert heard_by_a_late_receiver(session) == (b"a\0", CloseCode.BAD_ENCODING)


async def opened_late(tunnel: Tunnel, said: bytes) -> Session:
    """A session whose daemon has spoken when the event loop learns that the connection stands."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        async with asyncio.TaskGroup() as group:
            daemon = tunnel.daemon(listening.getsockname()[1])
            opening = group.create_task(tunnel.registry.open(daemon, "recorder"))
            await asyncio.sleep(0)
            peer, _ = listening.accept()
            peer.sendall(said)
            peer.close()
        return opening.result()


async def test_the_registry_shows_how_many_sessions_it_keeps(tunnel: Tunnel) -> None:
    for _ in range(3):
        session, _ = await tunnel.open()
    session.end(CloseCode.KICKED)
    assert repr(tunnel.registry) == "<Registry open=2 ended=1>"


# -- room


async def test_there_is_room_for_so_many_sessions_and_no_more(make_tunnel: MakeTunnel) -> None:
    tunnel = make_tunnel(max_sessions=2)
    for _ in range(2):
        await tunnel.open()
    problem = await refused(tunnel)
    assert (problem.code, problem.retry_after_s) == ("too-many-sessions", 5)


async def test_a_session_that_is_still_being_opened_takes_a_place(
    make_tunnel: MakeTunnel, silent_port: int
) -> None:
    tunnel = make_tunnel(max_sessions=1)
    async with asyncio.TaskGroup() as group:
        opening = group.create_task(refused(tunnel, silent_port))
        await turns()
        assert tunnel.registry.open_count == 1
        assert (await refused(tunnel)).code == "too-many-sessions"
        opening.cancel()
    assert tunnel.registry.open_count == 0


async def test_a_session_that_has_ended_takes_no_place(make_tunnel: MakeTunnel) -> None:
    tunnel = make_tunnel(max_sessions=1)
    session, _ = await tunnel.open()
    session.end(CloseCode.KICKED)
    assert tunnel.registry.open_count == 0
    await tunnel.open()
    assert tunnel.registry.open_count == 1


@pytest.mark.parametrize(("limit", "room"), [(1161, False), (1162, True)])
async def test_there_is_no_room_while_the_logs_hold_more_than_they_may(
    make_tunnel: MakeTunnel, limit: int, room: bool
) -> None:
    tunnel = make_tunnel(max_buffered_bytes=limit)
    session, peer = await tunnel.open()
    peer.say(b"x" * 1001)
    await logged(session, 1)
    assert session.core.down.held_bytes == 1162
    if room:
        await tunnel.open()
    else:
        assert (await refused(tunnel)).code == "too-many-sessions"


# -- finding


async def test_a_session_is_found_by_its_id_and_key(tunnel: Tunnel) -> None:
    first, _ = await tunnel.open()
    second, _ = await tunnel.open()
    assert is_known(tunnel, first)
    assert is_known(tunnel, second)


@pytest.mark.parametrize("key", ["wrong", "", None, "é", "\udcff"])
async def test_a_wrong_key_is_answered_like_an_unknown_id(tunnel: Tunnel, key: str | None) -> None:
    session, _ = await tunnel.open()
    answers = []
    for session_id in (session.id, "a-unknown"):
        with pytest.raises(Problem) as caught:
            tunnel.registry.find(session_id, key)
        answers.append((caught.value.code, caught.value.detail, caught.value.status))
    assert answers == [("unknown-session", "there is no session of this id and key", 404)] * 2


async def test_the_key_of_another_session_is_a_wrong_key(tunnel: Tunnel) -> None:
    first, _ = await tunnel.open()
    second, _ = await tunnel.open()
    with pytest.raises(Problem):
        tunnel.registry.find(first.id, second.key)


async def test_a_session_that_cannot_be_resumed_is_not_found(tunnel: Tunnel) -> None:
    session, _ = await tunnel.open(resumable=False)
    assert not is_known(tunnel, session)


# -- keeping


async def test_a_session_that_has_ended_is_kept_for_its_time(
    tunnel: Tunnel, clock: SteppedLoop
) -> None:
    session, peer = await tunnel.open()
    peer.say(b"a")
    peer.close()
    await ended(session)
    await clock.pass_time(RESUME_S - A_LITTLE_S)
    assert is_known(tunnel, session)
    await clock.pass_time(A_LITTLE_S)
    assert not is_known(tunnel, session)
    assert session.core.down.held_bytes == 0


async def test_a_session_whose_daemon_was_quicker_is_kept_no_longer(
    tunnel: Tunnel, daemon: ScriptedDaemon, clock: SteppedLoop
) -> None:
    daemon.say_goodbye(b"a")
    session, _ = await tunnel.open()
    await ended(session)
    assert is_known(tunnel, session)
    await clock.pass_time(RESUME_S)
    assert not is_known(tunnel, session)


async def test_the_tail_of_a_socket_session_that_ends_before_it_is_opened_is_delivered(
    tunnel: Tunnel,
) -> None:
    receiver = Recorder()

    async def open_and_attach(port: int) -> None:
        session = await tunnel.registry.open(tunnel.daemon(port), "plain", resumable=False)
        session.attach(receiver, 0)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        async with asyncio.TaskGroup() as group:
            group.create_task(open_and_attach(listening.getsockname()[1]))
            await asyncio.sleep(0)
            peer, _ = listening.accept()
            peer.sendall(b"a\0\xff\0")
            peer.close()
    assert await receiver.told_the_end() is CloseCode.BAD_ENCODING
    assert receiver.data == b"a\0"


async def test_a_client_that_takes_the_tail_piece_by_piece_has_the_whole_time_for_each(
    tunnel: Tunnel, clock: SteppedLoop
) -> None:
    session, peer = await tunnel.open()
    for message in (b"a", b"b"):
        peer.say(message)
        await logged(session, session.core.down.last + 1)
    peer.close()
    await ended(session)
    await clock.pass_time(RESUME_S - A_LITTLE_S)
    session.attach(Recorder(), 0)
    session.acknowledge(1)
    await clock.pass_time(RESUME_S - A_LITTLE_S)
    assert is_known(tunnel, session)
    session.acknowledge(1)
    await clock.pass_time(A_LITTLE_S)
    assert not is_known(tunnel, session)


async def test_of_more_ended_sessions_than_may_be_open_the_oldest_are_forgotten(
    make_tunnel: MakeTunnel,
) -> None:
    tunnel = make_tunnel(max_sessions=2)
    sessions = []
    for _ in range(4):
        session, _ = await tunnel.open()
        session.end(CloseCode.KICKED)
        sessions.append(session)
    assert [is_known(tunnel, session) for session in sessions] == [False, False, True, True]


async def test_a_session_that_cannot_be_resumed_is_forgotten_when_its_end_is_told(
    tunnel: Tunnel,
) -> None:
    session, peer = await tunnel.open(resumable=False)
    receiver = Recorder()
    session.attach(receiver, 0)
    peer.say(b"a")
    peer.close()
    assert await receiver.told_the_end() is CloseCode.DAEMON_CLOSED
    assert session.core.state.name == "FORGOTTEN"


async def test_a_session_that_cannot_be_resumed_is_forgotten_when_its_receiver_goes(
    tunnel: Tunnel,
) -> None:
    session, peer = await tunnel.open(resumable=False)
    receiver = Recorder(ready=False)
    session.attach(receiver, 0)
    peer.say(b"a")
    peer.close()
    await ended(session)
    assert session.core.state.name == "ENDED"
    session.detach(receiver)
    assert session.core.state.name == "FORGOTTEN"

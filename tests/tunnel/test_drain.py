"""The bridge stops in steps: no new sessions, time to finish, the end, and all are told of it."""

import asyncio

import pytest

from bridge.errors import CloseCode
from tests.support.clock import SteppedLoop, turns
from tests.support.daemon import ScriptedDaemon
from tests.support.deadline import within_deadline
from tests.tunnel.conftest import (
    MakeTunnel,
    Recorder,
    Tunnel,
    ended,
    heard_by_a_late_receiver,
    logged,
    refused,
    send,
    stall,
)

DELAYS_S = range(5, 31)
A_LITTLE_S = 0.1
PATIENT = {"drain_s": 40}


# -- no new sessions, and time for those there are


async def test_no_session_is_opened_any_more(tunnel: Tunnel) -> None:
    await tunnel.registry.drain()
    problem = await refused(tunnel)
    assert problem.code == "draining"
    assert problem.retry_after_s in DELAYS_S


async def test_those_refused_are_told_to_come_back_at_different_times(tunnel: Tunnel) -> None:
    await tunnel.registry.drain()
    assert len({(await refused(tunnel)).retry_after_s for _ in range(30)}) > 1


async def test_a_session_that_is_open_goes_on(make_tunnel: MakeTunnel) -> None:
    tunnel = make_tunnel(**PATIENT)
    session, peer = await tunnel.open()
    receiver = Recorder()
    async with asyncio.TaskGroup() as group:
        draining = group.create_task(tunnel.registry.drain())
        await turns()
        assert tunnel.registry.find(session.id, session.key) is session
        session.attach(receiver, 0)
        peer.say(b"a")
        await receiver.received(b"a\0")
        send(session, 1, b"b\0")
        await peer.received_messages(b"b")
        assert not draining.done()
        session.close()


async def test_the_drain_lasts_until_the_last_session_has_ended(make_tunnel: MakeTunnel) -> None:
    tunnel = make_tunnel(**PATIENT)
    first, _ = await tunnel.open()
    _, last_peer = await tunnel.open()
    async with asyncio.TaskGroup() as group:
        draining = group.create_task(tunnel.registry.drain())
        first.close()
        await turns()
        assert not draining.done()
        last_peer.close()


async def test_the_drain_lasts_no_longer_than_configured(
    make_tunnel: MakeTunnel, clock: SteppedLoop
) -> None:
    tunnel = make_tunnel(**PATIENT)
    session, _ = await tunnel.open()
    async with asyncio.TaskGroup() as group:
        draining = group.create_task(tunnel.registry.drain())
        await clock.pass_time(40 - A_LITTLE_S)
        assert not draining.done()
        await clock.pass_time(A_LITTLE_S)
    assert session.core.is_open


async def test_by_default_no_session_is_waited_for(tunnel: Tunnel, clock: SteppedLoop) -> None:
    await tunnel.open()
    async with asyncio.TaskGroup() as group:
        group.create_task(tunnel.registry.drain())
        await clock.pass_time(0)


async def test_without_sessions_all_steps_are_done_at_once(
    make_tunnel: MakeTunnel, clock: SteppedLoop
) -> None:
    tunnel = make_tunnel(**PATIENT)
    async with within_deadline("the end"):
        await tunnel.registry.drain()
        tunnel.registry.end_all()
        await tunnel.registry.told()
        await tunnel.registry.flushed()
    assert clock.time() == 0


async def test_a_session_that_was_being_opened_is_let_in_and_waited_for(
    make_tunnel: MakeTunnel,
) -> None:
    tunnel = make_tunnel(**PATIENT)
    async with asyncio.TaskGroup() as group:
        opening = group.create_task(tunnel.open())
        await asyncio.sleep(0)
        draining = group.create_task(tunnel.registry.drain())
        session, _ = await opening
        assert session.core.is_open
        assert not draining.done()
        session.close()


async def test_a_daemon_that_cannot_be_reached_is_not_waited_for(
    make_tunnel: MakeTunnel, silent_port: int
) -> None:
    tunnel = make_tunnel(**PATIENT)
    async with asyncio.TaskGroup() as group:
        opening = group.create_task(tunnel.registry.open(tunnel.daemon(silent_port), "recorder"))
        await asyncio.sleep(0)
        draining = group.create_task(tunnel.registry.drain())
        await turns()
        assert not draining.done()
        opening.cancel()


# -- the end


async def test_all_sessions_end_and_keep_their_tails(tunnel: Tunnel) -> None:
    sessions = [await tunnel.open() for _ in range(2)]
    for session, peer in sessions:
        peer.say(b"a")
        await logged(session, 1)
    tunnel.registry.end_all()
    for session, _ in sessions:
        assert heard_by_a_late_receiver(session) == (b"a\0", CloseCode.SHUTDOWN)


async def test_each_client_is_told_a_time_of_its_own_to_come_back(tunnel: Tunnel) -> None:
    sessions = [(await tunnel.open())[0] for _ in range(20)]
    tunnel.registry.end_all()
    delays = [session.core.end.retry_after_s for session in sessions if session.core.end]
    assert len(delays) == 20
    assert all(delay in DELAYS_S for delay in delays)
    assert len(set(delays)) > 1


async def test_a_session_that_ended_before_keeps_its_code_and_has_no_time_to_come_back(
    tunnel: Tunnel,
) -> None:
    session, peer = await tunnel.open()
    peer.close()
    await ended(session)
    tunnel.registry.end_all()
    assert session.core.end is not None
    assert session.core.end.code is CloseCode.DAEMON_CLOSED
    assert session.core.end.retry_after_s is None


async def test_a_session_whose_daemon_answers_after_the_end_is_refused(
    tunnel: Tunnel, daemon: ScriptedDaemon
) -> None:
    async with asyncio.TaskGroup() as group:
        opening = group.create_task(refused(tunnel))
        await asyncio.sleep(0)
        tunnel.registry.end_all()
    assert opening.result().code == "draining"
    await (await daemon.accepted()).ended()
    assert tunnel.registry.open_count == 0


async def test_a_session_that_was_refused_after_all_is_not_waited_for(
    tunnel: Tunnel, clock: SteppedLoop
) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(refused(tunnel))
        await asyncio.sleep(0)
        tunnel.registry.end_all()
    await tunnel.registry.told()
    assert clock.time() == 0


# -- all are told


async def test_a_receiver_that_is_attached_is_told_at_once(
    tunnel: Tunnel, clock: SteppedLoop
) -> None:
    session, _ = await tunnel.open()
    receiver = Recorder()
    session.attach(receiver, 0)
    tunnel.registry.end_all()
    assert receiver.end == session.core.end
    await tunnel.registry.told()
    assert clock.time() == 0


async def test_a_client_between_two_receives_is_waited_for(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    peer.say(b"a")
    await logged(session, 1)
    tunnel.registry.end_all()
    async with asyncio.TaskGroup() as group:
        telling = group.create_task(tunnel.registry.told())
        await turns()
        assert not telling.done()
        assert heard_by_a_late_receiver(session) == (b"a\0", CloseCode.SHUTDOWN)


async def test_an_answer_full_of_messages_leaves_its_client_to_be_waited_for(
    tunnel: Tunnel,
) -> None:
    session, peer = await tunnel.open()
    peer.say(b"a")
    await logged(session, 1)
    tunnel.registry.end_all()
    answer = Recorder()
    answer.tells_the_end = False
    async with asyncio.TaskGroup() as group:
        telling = group.create_task(tunnel.registry.told())
        session.attach(answer, 0)
        await turns()
        assert not telling.done()
        session.acknowledge(1)
        session.attach(Recorder(), 1)


async def test_a_client_that_was_told_and_then_acknowledges_is_not_waited_for_again(
    tunnel: Tunnel, clock: SteppedLoop
) -> None:
    session, peer = await tunnel.open()
    peer.say(b"a")
    await logged(session, 1)
    tunnel.registry.end_all()
    session.attach(Recorder(), 0)
    session.acknowledge(1)
    await tunnel.registry.told()
    assert clock.time() == 0


async def test_a_client_that_closes_an_ended_session_is_not_waited_for(tunnel: Tunnel) -> None:
    session, _ = await tunnel.open()
    tunnel.registry.end_all()
    async with asyncio.TaskGroup() as group:
        group.create_task(tunnel.registry.told())
        session.close()


async def test_a_socket_that_goes_is_not_waited_for(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open(resumable=False)
    receiver = Recorder(ready=False)
    session.attach(receiver, 0)
    peer.say(b"a")
    await logged(session, 1)
    tunnel.registry.end_all()
    async with asyncio.TaskGroup() as group:
        telling = group.create_task(tunnel.registry.told())
        await turns()
        assert not telling.done()
        session.detach(receiver)


@pytest.mark.parametrize(("shutdown_s", "told_s"), [(10, 2), (4, 2), (1, 0.5)])
async def test_a_client_that_stays_away_is_waited_for_no_longer_than_a_moment(
    make_tunnel: MakeTunnel, clock: SteppedLoop, shutdown_s: float, told_s: float
) -> None:
    tunnel = make_tunnel(shutdown_s=shutdown_s)
    await tunnel.open()
    tunnel.registry.end_all()
    async with asyncio.TaskGroup() as group:
        telling = group.create_task(tunnel.registry.told())
        await clock.pass_time(told_s - A_LITTLE_S)
        assert not telling.done()
        await clock.pass_time(A_LITTLE_S)


async def test_the_client_of_a_session_that_ended_during_the_drain_is_waited_for_too(
    make_tunnel: MakeTunnel,
) -> None:
    tunnel = make_tunnel(**PATIENT)
    session, peer = await tunnel.open()
    async with asyncio.TaskGroup() as group:
        group.create_task(tunnel.registry.drain())
        await turns()
        peer.close()
    tunnel.registry.end_all()
    async with asyncio.TaskGroup() as group:
        telling = group.create_task(tunnel.registry.told())
        await turns()
        assert not telling.done()
        assert heard_by_a_late_receiver(session) == (b"", CloseCode.DAEMON_CLOSED)


async def test_the_client_of_a_session_that_ended_before_is_not_waited_for(
    tunnel: Tunnel, clock: SteppedLoop
) -> None:
    session, _ = await tunnel.open()
    session.end(CloseCode.KICKED)
    await tunnel.registry.drain()
    tunnel.registry.end_all()
    await tunnel.registry.told()
    assert clock.time() == 0


async def test_a_session_that_is_forgotten_is_not_waited_for(
    make_tunnel: MakeTunnel, clock: SteppedLoop
) -> None:
    tunnel = make_tunnel(resume_s=1)
    await tunnel.open()
    tunnel.registry.end_all()
    async with asyncio.TaskGroup() as group:
        group.create_task(tunnel.registry.told())
        await clock.pass_time(1)


# -- the daemons get what was accepted


async def test_stopping_lasts_until_the_daemons_have_what_was_accepted(
    tunnel: Tunnel, daemon: ScriptedDaemon
) -> None:
    stall(daemon)
    session, peer = await tunnel.open()
    sent = b"x" * 999 + b"\0"
    sent *= 10_000
    send(session, 1, sent)
    tunnel.registry.end_all()
    async with asyncio.TaskGroup() as group:
        stopping = group.create_task(tunnel.registry.flushed())
        await turns()
        assert not stopping.done()
        peer.resume()
    assert bytes(peer.data) == sent
    assert peer.is_at_eof


async def test_stopping_lasts_no_longer_than_the_flush(
    tunnel: Tunnel, daemon: ScriptedDaemon, clock: SteppedLoop
) -> None:
    daemon.stays_after_eof = True
    await tunnel.open()
    tunnel.registry.end_all()
    async with asyncio.TaskGroup() as group:
        stopping = group.create_task(tunnel.registry.flushed())
        await clock.pass_time(5.0 - A_LITTLE_S)
        assert not stopping.done()
        await clock.pass_time(A_LITTLE_S)

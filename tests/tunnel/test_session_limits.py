"""Nobody is waited for without end: each delay has its time, each log its bound."""

from contextlib import ExitStack

import pytest

from bridge.errors import CloseCode, End, Problem
from bridge.protocol.down_log import BATCH_OVERHEAD_BYTES
from bridge.tunnel.sends import MAX_SENDS
from bridge.tunnel.session import Session
from tests.support.clock import SteppedLoop
from tests.support.daemon import ScriptedDaemon, framed
from tests.support.deadline import within_deadline
from tests.tunnel.conftest import MakeTunnel, Recorder, Tunnel, code_of, fill, logged, stall

RESUME_S = 60.0
SLOW_S = 30.0
A_LITTLE_S = 0.1

# -- abandoned


async def test_a_session_without_receiver_is_abandoned_after_its_time(
    tunnel: Tunnel, clock: SteppedLoop
) -> None:
    session, peer = await tunnel.open()
    peer.say(b"a")
    await logged(session, 1)
    await clock.pass_time(RESUME_S - A_LITTLE_S)
    assert session.core.is_open
    await clock.pass_time(A_LITTLE_S)
    assert code_of(session) is CloseCode.ABANDONED
    assert session.core.tail_received


async def test_a_session_with_a_receiver_is_not_abandoned(
    tunnel: Tunnel, clock: SteppedLoop
) -> None:
    session, _ = await tunnel.open()
    session.attach(Recorder(), 0)
    await clock.pass_time(10 * RESUME_S)
    assert session.core.is_open


async def test_the_time_begins_when_the_receiver_goes(tunnel: Tunnel, clock: SteppedLoop) -> None:
    session, _ = await tunnel.open()
    receiver = Recorder()
    session.attach(receiver, 0)
    await clock.pass_time(RESUME_S)
    session.detach(receiver)
    await clock.pass_time(RESUME_S - A_LITTLE_S)
    assert session.core.is_open
    await clock.pass_time(A_LITTLE_S)
    assert code_of(session) is CloseCode.ABANDONED


async def test_a_session_is_not_abandoned_while_a_request_is_in_progress(
    tunnel: Tunnel, clock: SteppedLoop
) -> None:
    session, _ = await tunnel.open()
    with session.request():
        with session.request():
            pass
        await clock.pass_time(10 * RESUME_S)
        assert session.core.is_open
    await clock.pass_time(RESUME_S - A_LITTLE_S)
    assert session.core.is_open
    await clock.pass_time(A_LITTLE_S)
    assert code_of(session) is CloseCode.ABANDONED


async def test_a_request_that_fails_is_no_longer_in_progress(
    tunnel: Tunnel, clock: SteppedLoop
) -> None:
    session, _ = await tunnel.open()
    with pytest.raises(RuntimeError), session.request():
        raise RuntimeError
    await clock.pass_time(RESUME_S)
    assert code_of(session) is CloseCode.ABANDONED


async def test_a_session_that_cannot_be_resumed_is_not_abandoned_either(
    tunnel: Tunnel, clock: SteppedLoop
) -> None:
    session, _ = await tunnel.open(resumable=False)
    await clock.pass_time(10 * RESUME_S)
    assert session.core.is_open


async def test_one_send_too_many_at_a_time_is_refused_until_another_has_ended(
    tunnel: Tunnel,
) -> None:
    session, _ = await tunnel.open()
    with ExitStack() as sends:
        for _ in range(MAX_SENDS - 1):
            sends.enter_context(session.sends.admitted())
        with session.sends.admitted():
            with pytest.raises(Problem) as caught, session.sends.admitted():
                pass
            assert (caught.value.code, caught.value.retry_after_s) == ("rate-limited", 1)
        with session.sends.admitted():
            pass


# -- slow clients


def message_of(held_bytes: int) -> bytes:
    """A message that, logged as a batch of its own, counts so much."""
    return b"x" * (held_bytes - BATCH_OVERHEAD_BYTES - 1)


async def held(session: Session, held_bytes: int) -> None:
    """Returns once so much has come from the daemon, finished or not."""
    async with within_deadline(f"{held_bytes} bytes"):
        while session.core.held_bytes < held_bytes:
            await session.changed()
    assert session.core.held_bytes == held_bytes


@pytest.mark.parametrize(("held_bytes", "full"), [(999, False), (1000, True), (1001, True)])
async def test_the_log_is_full_from_the_high_water_mark_on(
    make_tunnel: MakeTunnel, held_bytes: int, full: bool
) -> None:
    tunnel = make_tunnel(log_high_water_bytes=1000, log_low_water_bytes=400)
    session, peer = await tunnel.open()
    peer.say(message_of(held_bytes))
    await logged(session, 1)
    assert session.core.down.held_bytes == held_bytes
    assert session.log_is_full is full


@pytest.mark.parametrize(
    ("held_bytes", "max_message_bytes", "full"),
    [(1499, 1000, False), (1500, 1000, True), (2499, 2000, False), (2500, 2000, True)],
)
async def test_a_message_on_its_way_makes_the_log_larger_by_half_or_by_itself(
    make_tunnel: MakeTunnel, held_bytes: int, max_message_bytes: int, full: bool
) -> None:
    tunnel = make_tunnel(
        log_high_water_bytes=1000, log_low_water_bytes=400, max_message_bytes=max_message_bytes
    )
    session, peer = await tunnel.open()
    peer.write(framed([message_of(900)]) + b"x" * (held_bytes - 900))
    await held(session, held_bytes)
    assert session.log_is_full is full


async def test_a_receiver_is_told_that_the_log_is_full_and_nothing_more_will_come(
    make_tunnel: MakeTunnel,
) -> None:
    tunnel = make_tunnel(log_high_water_bytes=1000, log_low_water_bytes=400, max_message_bytes=1000)
    session, peer = await tunnel.open()
    receiver = Recorder()
    session.attach(receiver, 0)
    peer.say(message_of(900))
    await receiver.received(framed([message_of(900)]))
    assert receiver.log_full_times == 0
    peer.write(b"x" * 600)
    await held(session, 1500)
    assert receiver.log_full_times == 1


async def test_nothing_but_a_message_on_its_way_is_no_full_log(make_tunnel: MakeTunnel) -> None:
    tunnel = make_tunnel(log_high_water_bytes=1000, log_low_water_bytes=100)
    session, peer = await tunnel.open()
    peer.write(b"x" * 5000)
    await held(session, 5000)
    assert not session.log_is_full


@pytest.mark.parametrize(("left", "full"), [(401, True), (400, False)])
async def test_the_log_is_full_until_the_low_water_mark(
    make_tunnel: MakeTunnel, left: int, full: bool
) -> None:
    tunnel = make_tunnel(log_high_water_bytes=1000, log_low_water_bytes=400)
    session, peer = await tunnel.open()
    session.attach(Recorder(), 0)
    for number, held_bytes in enumerate((900, left), 1):
        peer.say(message_of(held_bytes))
        await logged(session, number)
    assert session.log_is_full
    session.acknowledge(1)
    assert session.log_is_full is full


async def test_the_daemon_of_a_full_log_is_not_read_until_the_client_has_acknowledged(
    make_tunnel: MakeTunnel,
) -> None:
    tunnel = make_tunnel(log_high_water_bytes=1000, log_low_water_bytes=400)
    session, peer = await tunnel.open()
    receiver = Recorder()
    session.attach(receiver, 0)
    peer.say(message_of(1000))
    await logged(session, 1)
    peer.say(b"more")
    other, other_peer = await tunnel.open()
    other_peer.say(b"by now it would have come")
    await logged(other, 1)
    assert session.core.down.last == 1
    session.acknowledge(1)
    await receiver.received(message_of(1000) + b"\0more\0")


async def test_a_client_that_keeps_its_log_full_is_slow_after_its_time(
    make_tunnel: MakeTunnel, clock: SteppedLoop
) -> None:
    session, peer = await make_tunnel(log_high_water_bytes=1000, log_low_water_bytes=400).open()
    receiver = Recorder()
    session.attach(receiver, 0)
    peer.say(message_of(1000))
    await logged(session, 1)
    await clock.pass_time(SLOW_S - A_LITTLE_S)
    assert session.core.is_open
    await clock.pass_time(A_LITTLE_S)
    assert receiver.end == End(CloseCode.SLOW_CLIENT, "the client lagged behind for slow_client_s")
    assert session.core.tail_received


async def test_a_client_that_acknowledges_in_time_is_not_slow(
    make_tunnel: MakeTunnel, clock: SteppedLoop
) -> None:
    session, peer = await make_tunnel(log_high_water_bytes=1000, log_low_water_bytes=400).open()
    session.attach(Recorder(), 0)
    for number in (1, 2, 3):
        peer.say(message_of(1000))
        await logged(session, number)
        await clock.pass_time(SLOW_S - A_LITTLE_S)
        session.acknowledge(number)
    await clock.pass_time(10 * SLOW_S)
    assert session.core.is_open


# -- the budget of all


async def test_above_the_budget_the_daemons_of_all_lagging_clients_are_paused(
    make_tunnel: MakeTunnel,
) -> None:
    tunnel = make_tunnel(max_buffered_bytes=1000)
    first, peer = await tunnel.open()
    second, other_peer = await tunnel.open()
    peer.say(message_of(1000))
    await logged(first, 1)
    assert not first.log_is_full
    other_peer.say(b"a")
    await logged(second, 1)
    assert second.log_is_full
    peer.say(b"a")
    await logged(first, 2)
    assert first.log_is_full


async def test_above_the_budget_a_client_that_acknowledges_is_not_held_up(
    make_tunnel: MakeTunnel,
) -> None:
    tunnel = make_tunnel(max_buffered_bytes=1000)
    session, peer = await tunnel.open()
    lagging, other_peer = await tunnel.open()
    other_peer.say(message_of(1001))
    await logged(lagging, 1)
    session.attach(Recorder(), 0)
    for number in (1, 2):
        peer.say(b"a")
        await logged(session, number)
        session.acknowledge(number)
        assert not session.log_is_full


async def test_above_the_budget_a_message_may_come_to_its_end(make_tunnel: MakeTunnel) -> None:
    tunnel = make_tunnel(max_buffered_bytes=1000)
    session, peer = await tunnel.open()
    lagging, other_peer = await tunnel.open()
    other_peer.say(message_of(1001))
    await logged(lagging, 1)
    peer.write(b"a")
    await session.changed()
    peer.write(b"\0")
    await logged(session, 1)
    assert session.log_is_full


# -- slow daemons


async def test_a_daemon_that_takes_nothing_is_slow_after_its_time(
    tunnel: Tunnel, daemon: ScriptedDaemon, clock: SteppedLoop
) -> None:
    stall(daemon)
    session, _ = await tunnel.open()
    receiver = Recorder()
    session.attach(receiver, 0)
    await fill(session)
    assert not session.writable
    await clock.pass_time(SLOW_S - A_LITTLE_S)
    assert session.core.is_open
    await clock.pass_time(A_LITTLE_S)
    assert receiver.end == End(CloseCode.SLOW_DAEMON, "the daemon stayed behind for slow_daemon_s")


async def test_a_daemon_that_takes_all_in_time_is_not_slow(
    tunnel: Tunnel, daemon: ScriptedDaemon, clock: SteppedLoop
) -> None:
    stall(daemon)
    session, peer = await tunnel.open()
    receiver = Recorder()
    session.attach(receiver, 0)
    sent = await fill(session)
    await clock.pass_time(SLOW_S - A_LITTLE_S)
    peer.resume()
    assert await peer.received(len(sent)) == sent
    await receiver.told_the_daemon_is_ready()
    await clock.pass_time(10 * SLOW_S)
    assert (session.core.is_open, session.writable) == (True, True)


async def test_the_daemon_may_be_slow_and_ready_while_nobody_is_attached(
    tunnel: Tunnel, daemon: ScriptedDaemon
) -> None:
    stall(daemon)
    session, peer = await tunnel.open()
    sent = await fill(session)
    peer.resume()
    while not session.writable:
        await session.changed()
    assert await peer.received(len(sent)) == sent

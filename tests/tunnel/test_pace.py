"""A session whose daemon has a pace: what waits is passed on in time, whatever else holds it up."""

from bridge.errors import CloseCode
from tests.support.clock import SteppedLoop, turns
from tests.support.daemon import ScriptedDaemon, framed
from tests.support.deadline import within_deadline
from tests.tunnel.conftest import MakeTunnel, Recorder, Tunnel, code_of, logged, send

MESSAGES = [b"%02d" % number + b"x" * 97 for number in range(50)]
ALL = framed(MESSAGES)


def paced(make_tunnel: MakeTunnel, per_s: float, **changes: object) -> Tunnel:
    """To a daemon that gets and sends so many messages a second, and one at once."""
    pace = {"messages_per_s": per_s, "burst_s": 0.1}
    daemons = {"chat": {"embedded": "chat", "up": pace, "down": pace}}
    return make_tunnel(daemons=daemons, **changes)


async def test_a_client_that_lags_gets_the_rest_at_the_pace_once_it_is_back(
    make_tunnel: MakeTunnel,
) -> None:
    tunnel = paced(make_tunnel, 500, log_high_water_bytes=1000, log_low_water_bytes=400)
    session, peer = await tunnel.open()
    receiver = Recorder()
    session.attach(receiver, 0)
    peer.say(*MESSAGES)
    async with within_deadline("all messages"):
        while session.core.down.last < len(MESSAGES):
            await session.changed()
            if session.log_is_full:
                session.acknowledge(session.core.down.last)
    assert receiver.data == ALL


async def test_who_waits_for_the_pace_is_neither_a_slow_client_nor_a_slow_daemon(
    make_tunnel: MakeTunnel, clock: SteppedLoop
) -> None:
    session, peer = await paced(make_tunnel, 0.01, slow_client_s=1, slow_daemon_s=1).open()
    receiver = Recorder()
    session.attach(receiver, 0)
    peer.say(b"a", b"b")
    await logged(session, 1)
    assert session.room_for(b"a\0") == 2
    send(session, 1, b"a\0")
    assert session.room_for(b"b\0") == 0
    await clock.pass_time(99)
    assert (receiver.data, receiver.daemon_ready_times) == (b"a\0", 0)
    await clock.pass_time(1)
    assert (receiver.data, receiver.daemon_ready_times) == (b"a\0b\0", 1)
    assert session.room_for(b"b\0") == 2
    assert session.core.is_open


async def test_a_daemon_that_breaks_off_loses_nothing_that_had_to_wait(
    make_tunnel: MakeTunnel,
) -> None:
    session, peer = await paced(make_tunnel, 0.01).open()
    receiver = Recorder()
    session.attach(receiver, 0)
    peer.say(*MESSAGES)
    await logged(session, 1)
    peer.reset()
    async with within_deadline("the end"):
        while session.core.is_open:  # nobody reads, so it is a write that meets the reset
            session.send_bytes(b"x")
            await turns()
    assert code_of(session) is CloseCode.DAEMON_ERROR
    assert receiver.data == ALL


async def test_a_session_whose_daemon_has_gone_unnoticed_can_end(make_tunnel: MakeTunnel) -> None:
    tunnel = paced(make_tunnel, 0.01)
    session, peer = await tunnel.open()
    peer.say(*MESSAGES)
    await logged(session, 1)
    peer.reset()
    await peer.lost()
    session.close()
    async with within_deadline("the end of the connection"):
        await tunnel.registry.flushed()


async def test_after_the_end_no_pace_wakes_anybody(
    make_tunnel: MakeTunnel, clock: SteppedLoop, daemon: ScriptedDaemon
) -> None:
    session, peer = await paced(make_tunnel, 0.01).open()
    receiver = Recorder()
    session.attach(receiver, 0)
    peer.say(b"a", b"b")
    await logged(session, 1)
    session.send(1, b"a\0")
    session.room_for(b"b\0")
    session.end(CloseCode.KICKED)
    await clock.pass_time(1000)
    assert (receiver.data, receiver.daemon_ready_times) == (b"a\0", 0)
    assert code_of(session) is CloseCode.KICKED

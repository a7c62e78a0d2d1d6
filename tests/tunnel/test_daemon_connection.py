"""The TCP connection to a daemon, from its first byte to the last that may still arrive."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Coroutine

import pytest

from bridge.errors import Problem
from bridge.loop.turns import LIGHT_BYTES, Turns
from bridge.protocol.checks import Guard
from bridge.tunnel.client import UNKNOWN
from bridge.tunnel.daemon.connection import DaemonConnection
from bridge.tunnel.daemon.dialling import connect
from bridge.tunnel.daemon.names import Names
from bridge.tunnel.directory import Daemon
from tests.support.clock import SteppedLoop, turns
from tests.support.daemon import ScriptedDaemon
from tests.support.occupied import occupy
from tests.tunnel.conftest import reset, stall
from tests.tunnel.listener import Listener, let_go

HIGH_WATER_BYTES = 1 << 16
FLUSH_S = 60.0
"""More than a test waits for anything, so that only the tests that move the clock see it pass."""
MORE_THAN_THE_KERNEL_HOLDS = b"0123456789abcdef" * (1 << 20)
"""16 MiB. With a daemon that is stalled the buffers of both sockets hold less than half of it."""


Connect = Callable[..., Coroutine[None, None, Listener]]


@pytest.fixture
async def connected(daemon: ScriptedDaemon, daemon_socket: socket.socket) -> AsyncIterator[Connect]:
    """Connects listeners, to the scripted daemon unless the test names another address."""
    listeners: list[Listener] = []

    async def connect_listener(
        host: str = "127.0.0.1",
        port: int | None = None,
        timeout_s: float = 10.0,
        listener: Listener | None = None,
        turns: Turns | None = None,
    ) -> Listener:
        listener = listener or Listener()
        listeners.append(listener)
        await connect(
            DaemonConnection(listener, turns or Turns(), FLUSH_S, HIGH_WATER_BYTES),
            Daemon("chat", host, port or daemon_socket.getsockname()[1], Guard("text", 9)),
            UNKNOWN,
            Names(),
            timeout_s,
        )
        return listener

    yield connect_listener
    await let_go(daemon, listeners)


# -- connecting


async def test_bytes_go_both_ways(connected: Connect, daemon: ScriptedDaemon) -> None:
    listener = await connected()
    peer = await daemon.accepted()
    listener.connection.write(b"a\0b")
    assert await peer.received(3) == b"a\0b"
    peer.write(b"c\0d")
    await listener.received(b"c\0d")
    assert listener.heard == ["connected"]


async def test_a_daemon_that_refuses_is_unreachable(connected: Connect, dead_port: int) -> None:
    with pytest.raises(Problem, match="the daemon chat accepts no connection") as caught:
        await connected(port=dead_port)
    assert caught.value.code == "daemon-unreachable"


async def test_a_daemon_whose_name_cannot_be_a_name_is_unreachable(connected: Connect) -> None:
    with pytest.raises(Problem) as caught:
        await connected(host="chat..example")
    assert caught.value.code == "daemon-unreachable"


async def test_a_daemon_that_does_not_answer_times_out(
    connected: Connect, silent_port: int
) -> None:
    with pytest.raises(Problem, match=r"chat did not answer within 0\.05 s") as caught:
        await connected(port=silent_port, timeout_s=0.05)
    assert caught.value.code == "daemon-timeout"


async def test_whoever_waits_for_a_connection_may_be_cancelled(
    connected: Connect, silent_port: int
) -> None:
    async with asyncio.TaskGroup() as group:
        connecting = group.create_task(connected(port=silent_port))
        await turns()
        connecting.cancel()
    assert connecting.cancelled()


async def test_a_connection_that_stands_as_nobody_wants_it_any_more_is_dropped(
    connected: Connect, daemon: ScriptedDaemon
) -> None:
    listener = Listener()
    async with asyncio.TaskGroup() as group:
        connecting = group.create_task(connected(listener=listener))
        listener.on_connected = connecting.cancel
    assert connecting.cancelled()
    await (await daemon.accepted()).lost()
    await listener.hears("gone")
    assert "failed" not in listener.heard


async def test_the_connection_shows_where_it_stands(
    connected: Connect, daemon: ScriptedDaemon
) -> None:
    listener = await connected()
    shown = [repr(listener.connection)]
    (await daemon.accepted()).half_close()
    await listener.hears("closed")
    listener.connection.finish()
    shown.append(repr(listener.connection))
    assert shown == [
        "<DaemonConnection open eof_received=False>",
        "<DaemonConnection finishing eof_received=True>",
    ]


# -- speed


async def test_a_paused_daemon_is_not_read_until_it_is_resumed(
    connected: Connect, daemon: ScriptedDaemon
) -> None:
    listener = await connected()
    peer = await daemon.accepted()
    listener.connection.pause()
    peer.say(b"a")
    await round_trip(connected, daemon)
    assert listener.data == b""
    listener.connection.resume()
    await listener.received(b"a\0")


async def round_trip(connected: Connect, daemon: ScriptedDaemon) -> None:
    """What another connection's daemon says after all others arrives; so theirs would have."""
    other = await connected()
    (await daemon.accepted()).say(b"other")
    await other.received(b"other\0")


async def test_a_daemon_that_reads_nothing_is_slow_above_the_mark_until_it_has_read(
    connected: Connect, daemon: ScriptedDaemon
) -> None:
    stall(daemon)
    listener = await connected()
    peer = await daemon.accepted()
    listener.connection.write(MORE_THAN_THE_KERNEL_HOLDS)
    await listener.hears("paused")
    peer.resume()
    await listener.hears("resumed")
    assert await peer.received(len(MORE_THAN_THE_KERNEL_HOLDS)) == MORE_THAN_THE_KERNEL_HOLDS


# -- the daemon ends


async def test_a_daemon_that_ended_its_stream_still_gets_what_is_written(
    connected: Connect, daemon: ScriptedDaemon
) -> None:
    listener = await connected()
    peer = await daemon.accepted()
    peer.say(b"bye")
    peer.half_close()
    await listener.hears("closed")
    listener.connection.write(b"a\0")
    await peer.received_messages(b"a")
    assert (listener.data, listener.heard) == (b"bye\0", ["connected", "closed"])


async def test_finishing_behind_the_daemons_end_flushes_and_closes(
    connected: Connect, daemon: ScriptedDaemon
) -> None:
    stall(daemon)
    listener = await connected()
    peer = await daemon.accepted()
    peer.half_close()
    await listener.hears("closed")
    listener.connection.write(MORE_THAN_THE_KERNEL_HOLDS)
    listener.connection.finish()
    peer.resume()
    assert await peer.ended() == MORE_THAN_THE_KERNEL_HOLDS
    await listener.hears("gone")
    assert "failed" not in listener.heard


async def test_what_waits_for_its_turn_is_heard_before_the_daemons_end(
    connected: Connect, daemon: ScriptedDaemon
) -> None:
    heavy, last_words = Turns(), b"x" * (2 * LIGHT_BYTES)
    listener = await connected(turns=heavy)
    peer = await daemon.accepted()
    occupy(heavy)
    peer.say(last_words)
    peer.half_close()
    await listener.hears("closed")
    assert listener.data == last_words + b"\0"


async def test_a_reset_by_the_daemon_is_a_failure(
    connected: Connect, daemon: ScriptedDaemon
) -> None:
    listener = await connected()
    peer = await daemon.accepted()
    peer.reset()
    await listener.hears("gone")
    assert listener.heard == ["connected", "failed", "gone"]
    assert isinstance(listener.error, ConnectionResetError)


async def test_what_the_daemon_said_before_its_reset_is_rescued_when_a_write_fails_first(
    connected: Connect,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listener = await connected(port=listening.getsockname()[1])
        peer, _ = listening.accept()
        # In one turn of the loop, so that the write comes before any read.
        peer.sendall(b"last words\0")
        reset(peer)
        listener.connection.write(b"a\0")
        await listener.hears("gone")
    assert listener.data == b"last words\0"
    assert listener.heard == ["connected", "failed", "gone"]
    assert listener.error is not None


async def test_a_connection_that_is_gone_may_still_be_paused_resumed_and_finished(
    connected: Connect, daemon: ScriptedDaemon
) -> None:
    listener = await connected()
    (await daemon.accepted()).reset()
    await listener.hears("gone")
    listener.connection.pause()
    listener.connection.resume()
    listener.connection.finish()
    assert listener.heard == ["connected", "failed", "gone"]


async def test_a_broken_connection_may_still_be_paused_resumed_and_finished(
    connected: Connect,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listener = await connected(port=listening.getsockname()[1])
        peer, _ = listening.accept()
        reset(peer)
        listener.connection.write(b"a\0")
        listener.connection.pause()
        listener.connection.resume()
        listener.connection.finish()
        await listener.hears("gone")
    assert listener.heard == ["connected", "gone"]


# -- the session ends


async def test_finishing_flushes_ends_the_stream_and_waits_for_the_daemon_to_end_its_own(
    connected: Connect, daemon: ScriptedDaemon
) -> None:
    stall(daemon)
    daemon.stays_after_eof = True
    listener = await connected()
    peer = await daemon.accepted()
    listener.connection.write(MORE_THAN_THE_KERNEL_HOLDS)
    listener.connection.finish()
    peer.resume()
    assert await peer.ended() == MORE_THAN_THE_KERNEL_HOLDS
    assert "gone" not in listener.heard
    peer.close()
    await listener.hears("gone")
    assert listener.heard == ["connected", "paused", "gone"]


async def test_what_the_daemon_says_after_the_end_is_read_so_that_no_reset_destroys_the_rest(
    connected: Connect, daemon: ScriptedDaemon
) -> None:
    stall(daemon)
    daemon.stays_after_eof = True
    listener = await connected()
    peer = await daemon.accepted()
    listener.connection.pause()
    peer.write(MORE_THAN_THE_KERNEL_HOLDS)
    listener.connection.write(MORE_THAN_THE_KERNEL_HOLDS)
    listener.connection.finish()
    peer.resume()
    assert await peer.ended() == MORE_THAN_THE_KERNEL_HOLDS
    assert peer.is_at_eof
    peer.close()
    await listener.hears("gone")
    assert listener.data == b""


async def test_a_daemon_that_resets_after_the_end_is_just_gone(
    connected: Connect, daemon: ScriptedDaemon
) -> None:
    daemon.stays_after_eof = True
    listener = await connected()
    peer = await daemon.accepted()
    listener.connection.finish()
    await peer.ended()
    peer.reset()
    await listener.hears("gone")
    assert listener.heard == ["connected", "gone"]


async def test_a_daemon_that_never_ends_is_left_alone_when_the_flush_is_over(
    connected: Connect, daemon: ScriptedDaemon, clock: SteppedLoop
) -> None:
    daemon.stays_after_eof = True
    listener = await connected()
    peer = await daemon.accepted()
    listener.connection.finish()
    await peer.ended()
    await clock.pass_time(FLUSH_S - 0.1)
    assert "gone" not in listener.heard
    await clock.pass_time(0.1)
    await listener.hears("gone")


async def test_a_daemon_that_has_read_all_and_never_ends_is_left_alone_as_soon(
    connected: Connect, daemon: ScriptedDaemon, clock: SteppedLoop
) -> None:
    stall(daemon)
    daemon.stays_after_eof = True
    listener = await connected()
    peer = await daemon.accepted()
    listener.connection.write(MORE_THAN_THE_KERNEL_HOLDS)
    listener.connection.finish()
    peer.resume()
    await peer.ended()
    await clock.pass_time(FLUSH_S)
    await listener.hears("gone")


async def test_a_daemon_that_reads_nothing_is_given_up_when_the_flush_is_over(
    connected: Connect, daemon: ScriptedDaemon, clock: SteppedLoop
) -> None:
    stall(daemon)
    listener = await connected()
    await daemon.accepted()
    listener.connection.write(MORE_THAN_THE_KERNEL_HOLDS)
    await turns()
    listener.connection.finish()
    await clock.pass_time(FLUSH_S - 0.1)
    assert "gone" not in listener.heard
    await clock.pass_time(0.1)
    await listener.hears("gone")


async def test_a_daemon_that_goes_on_reading_is_not_given_up(
    connected: Connect, daemon: ScriptedDaemon, clock: SteppedLoop
) -> None:
    stall(daemon)
    listener = await connected()
    peer = await daemon.accepted()
    listener.connection.write(MORE_THAN_THE_KERNEL_HOLDS)
    listener.connection.finish()
    peer.resume()
    await peer.received(len(MORE_THAN_THE_KERNEL_HOLDS) // 2)
    peer.stall()
    await clock.pass_time(FLUSH_S)
    assert "gone" not in listener.heard
    await clock.pass_time(FLUSH_S)
    await listener.hears("gone")


async def test_gone_is_the_last_call_of_a_connection_that_is_dropped(
    daemon: ScriptedDaemon, daemon_socket: socket.socket
) -> None:
    listener = Listener()
    host, port = daemon_socket.getsockname()
    target = Daemon("chat", host, port, Guard("text", 9))
    async with asyncio.TaskGroup() as group:
        connecting = group.create_task(
            connect(
                DaemonConnection(listener, Turns(), 5, 99), target, UNKNOWN, Names(), timeout_s=5
            )
        )
        listener.on_connected = connecting.cancel
    await (await daemon.accepted()).lost()
    await turns()
    assert listener.heard == ["connected", "gone"]


async def test_a_mistake_of_ours_while_the_daemon_speaks_is_told_as_a_failure(
    connected: Connect, daemon: ScriptedDaemon
) -> None:
    class Mistaken(Listener):
        def daemon_sent(self, data: bytes) -> None:
            raise ValueError("a mistake of ours")

    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    listener = await connected(listener=Mistaken())
    (await daemon.accepted()).write(b"a\0")
    await listener.hears("gone")
    assert listener.heard == ["connected", "failed", "gone"]
    assert told

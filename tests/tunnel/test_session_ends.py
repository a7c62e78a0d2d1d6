"""A session ends once, for one reason, and tells it to whoever is attached or still comes."""

import socket

import pytest

from bridge.errors import CloseCode, End
from bridge.protocol.lifecycle import State
from tests.support.daemon import ScriptedDaemon
from tests.tunnel.conftest import (
    MakeTunnel,
    Recorder,
    Tunnel,
    code_of,
    ended,
    logged,
    reset,
    send,
    stall,
)

# -- the daemon ends it


async def test_the_end_of_the_daemons_stream_is_told_behind_its_last_message(
    tunnel: Tunnel,
) -> None:
    session, peer = await tunnel.open()
    receiver = Recorder()
    session.attach(receiver, 0)
    peer.say(b"a")
    peer.write(b"unterminated")
    peer.close()
    assert await receiver.told_the_end() is CloseCode.DAEMON_CLOSED
    assert receiver.data == b"a\0"
    assert receiver.end == End(CloseCode.DAEMON_CLOSED, "the daemon ended its stream")


async def test_a_daemon_that_half_closes_still_gets_what_was_accepted(
    tunnel: Tunnel, daemon: ScriptedDaemon
) -> None:
    stall(daemon)
    session, peer = await tunnel.open()
    messages = [b"x" * 1000] * 10_000
    send(session, 1, b"".join(message + b"\0" for message in messages))
    peer.half_close()
    assert await ended(session) is CloseCode.DAEMON_CLOSED
    peer.resume()
    await peer.received_messages(*messages)
    await peer.ended()
    assert peer.is_at_eof


async def test_a_reset_by_the_daemon_is_its_error(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    receiver = Recorder()
    session.attach(receiver, 0)
    peer.reset()
    assert await receiver.told_the_end() is CloseCode.DAEMON_ERROR
    assert receiver.end == End(
        CloseCode.DAEMON_ERROR, "the connection to the daemon broke: Connection reset by peer"
    )


async def test_the_last_words_before_a_reset_are_delivered_when_a_write_fails_first(
    tunnel: Tunnel,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        other = tunnel.daemon(listening.getsockname()[1])
        session = await tunnel.registry.open(other, "recorder")
        peer, _ = listening.accept()
        receiver = Recorder()
        session.attach(receiver, 0)
        peer.sendall(b"last words\0")
        reset(peer)
        send(session, 1, b"a\0")
        assert await receiver.told_the_end() is CloseCode.DAEMON_ERROR
    assert receiver.data == b"last words\0"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"a\0b\xff\0c\0", CloseCode.BAD_ENCODING),
        (b"a\0bcdef\0c\0", CloseCode.MESSAGE_TOO_BIG),
        (b"a\0bcdef", CloseCode.MESSAGE_TOO_BIG),
    ],
)
async def test_what_cannot_be_passed_on_ends_the_session_behind_what_can(
    make_tunnel: MakeTunnel, said: bytes, code: CloseCode
) -> None:
    session, peer = await make_tunnel(max_message_bytes=4).open()
    receiver = Recorder()
    session.attach(receiver, 0)
    peer.write(said)
    assert await receiver.told_the_end() is code
    assert receiver.data == b"a\0"
    await peer.ended()


# -- the tail


async def test_a_tail_that_was_kept_is_delivered_to_whoever_comes_then_the_end(
    tunnel: Tunnel,
) -> None:
    session, peer = await tunnel.open()
    peer.say(b"a", b"b")
    peer.close()
    await ended(session)
    receiver = Recorder()
    session.attach(receiver, 0)
    assert (receiver.data, receiver.end and receiver.end.code) == (b"a\0b\0", "daemon-closed")
    assert session.receiver is None


async def test_a_tail_that_was_delivered_is_delivered_again_until_it_is_acknowledged(
    tunnel: Tunnel,
) -> None:
    session, peer = await tunnel.open()
    peer.say(b"a", b"b")
    peer.close()
    await ended(session)
    session.attach(Recorder(), 0)
    again = Recorder()
    session.attach(again, 1)
    assert (again.data, again.end and again.end.code) == (b"b\0", "daemon-closed")


async def test_a_receiver_that_is_not_ready_hears_the_end_behind_the_tail(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    receiver = Recorder(ready=False)
    session.attach(receiver, 0)
    peer.say(b"a")
    peer.close()
    await ended(session)
    assert (receiver.batches, receiver.end) == ([], None)
    receiver.ready = True
    session.push()
    assert receiver.data == b"a\0"
    assert receiver.end == End(CloseCode.DAEMON_CLOSED, "the daemon ended its stream")


async def test_a_receiver_that_is_not_ready_hears_the_end_later_also_without_a_tail(
    tunnel: Tunnel,
) -> None:
    session, _ = await tunnel.open()
    receiver = Recorder(ready=False)
    session.attach(receiver, 0)
    session.end(CloseCode.KICKED)
    assert receiver.end is None
    receiver.ready = True
    session.push()
    assert receiver.end == End(CloseCode.KICKED, "an operator ended the session")


# -- the bridge or the client ends it


async def test_ending_flushes_what_was_accepted_and_closes_the_connection(
    tunnel: Tunnel, daemon: ScriptedDaemon
) -> None:
    stall(daemon)
    session, peer = await tunnel.open()
    messages = [b"x" * 1000] * 10_000
    send(session, 1, b"".join(message + b"\0" for message in messages))
    session.end(CloseCode.KICKED)
    peer.resume()
    await peer.received_messages(*messages)
    await peer.lost()
    assert peer.is_at_eof


async def test_the_first_end_counts(tunnel: Tunnel) -> None:
    session, _ = await tunnel.open()
    session.end(CloseCode.SHUTDOWN, "first")
    session.end(CloseCode.KICKED, "second")
    assert session.core.end == End(CloseCode.SHUTDOWN, "first")


async def test_what_the_daemon_says_after_the_end_is_nobodys(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    receiver = Recorder()
    session.attach(receiver, 0)
    session.end(CloseCode.SHUTDOWN)
    peer.say(b"a")
    peer.close()
    await peer.lost()
    assert (receiver.data, session.core.down.last) == (b"", 0)


async def test_closing_tells_the_receiver_and_drops_what_it_did_not_take(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    receiver = Recorder(ready=False)
    session.attach(receiver, 0)
    peer.say(b"a")
    await logged(session, 1)
    receiver.ready = True
    session.close()
    assert receiver.batches == []
    assert receiver.end == End(CloseCode.CLIENT_CLOSED, "the client closed the session")
    await peer.ended()


async def test_closing_a_session_that_has_ended_drops_its_tail_and_keeps_its_code(
    tunnel: Tunnel,
) -> None:
    session, peer = await tunnel.open()
    peer.say(b"a")
    peer.close()
    await ended(session)
    session.close()
    assert session.core.tail_received
    assert code_of(session) is CloseCode.DAEMON_CLOSED


async def test_closing_a_session_that_has_ended_tells_whoever_waits_for_its_tail(
    tunnel: Tunnel,
) -> None:
    session, peer = await tunnel.open()
    receiver = Recorder(ready=False)
    session.attach(receiver, 0)
    peer.say(b"a")
    peer.close()
    await ended(session)
    receiver.ready = True
    session.close()
    assert (receiver.batches, receiver.end) == ([], session.core.end)


async def test_closing_twice_is_closing_once(tunnel: Tunnel) -> None:
    session, _ = await tunnel.open()
    receiver = Recorder()
    session.attach(receiver, 0)
    session.close()
    session.close()
    assert receiver.end == End(CloseCode.CLIENT_CLOSED, "the client closed the session")


async def test_whoever_is_still_attached_to_a_session_hears_the_end_when_it_is_forgotten(
    tunnel: Tunnel,
) -> None:
    session, peer = await tunnel.open()
    receiver = Recorder(ready=False)
    session.attach(receiver, 0)
    peer.say(b"a")
    peer.close()
    await ended(session)
    session.forget()
    assert receiver.batches == []
    assert receiver.end == End(CloseCode.DAEMON_CLOSED, "the daemon ended its stream")
    assert (session.receiver, session.core.state) == (None, State.FORGOTTEN)

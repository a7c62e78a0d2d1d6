"""A send is accepted as far as the daemon takes it, and answered in time when it does not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import sleep

import pytest

from bridge.errors import CloseCode, Problem
from bridge.loop.turns import ROUND_S
from bridge.protocol.bodies import UpBody
from bridge.protocol.checks import NOT_UTF8
from bridge.protocol.json_body import LONE_SURROGATE
from bridge.protocol.up_log import Refusal, TooFarAhead
from bridge.tunnel.sending import CHUNK_BYTES, HELD_UP_S, Outcome, Send
from bridge.tunnel.session import Session
from tests.support.clock import SteppedLoop, turns
from tests.support.daemon import DaemonConnection, ScriptedDaemon
from tests.tunnel.conftest import MakeTunnel, Recorder, Tunnel, fill, logged, stall

WAIT_S = 25.0
A_LITTLE_S = 0.05

Sending = asyncio.Task[Outcome | Refusal]


async def send(session: Session, first: int | None, batch: bytes) -> Outcome | Refusal:
    """The outcome of a send that does not receive."""
    return await Send(session, receives=False).run(first, UpBody(batch))


# -- a daemon that takes data


@pytest.mark.parametrize("first", [1, None])
async def test_a_body_is_accepted_and_reaches_the_daemon(tunnel: Tunnel, first: int | None) -> None:
    session, peer = await tunnel.open()
    assert await send(session, first, b"a\0b\0") is Outcome.ACCEPTED
    await peer.received_messages(b"a", b"b")


async def test_without_a_number_messages_are_numbered_behind_the_last_accepted(
    tunnel: Tunnel,
) -> None:
    session, peer = await tunnel.open()
    for batch in (b"a\0", b"a\0b\0"):
        await send(session, None, batch)
    await peer.received_messages(b"a", b"a", b"b")
    assert session.core.up.accepted == 3


async def test_a_retry_is_accepted_and_sends_only_what_is_new(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    await send(session, 1, b"a\0b\0")
    assert await send(session, 1, b"a\0b\0") is Outcome.ACCEPTED
    assert await send(session, 2, b"b\0c\0") is Outcome.ACCEPTED
    await peer.received_messages(b"a", b"b", b"c")
    assert session.core.up.accepted == 3


@pytest.mark.parametrize("first", [1, None])
async def test_a_body_of_many_chunks_is_accepted_whole(tunnel: Tunnel, first: int | None) -> None:
    session, peer = await tunnel.open()
    messages = [b"%d" % number * 100 for number in range(2000)]
    batch = b"".join(message + b"\0" for message in messages)
    assert len(batch) > 3 * CHUNK_BYTES
    assert await send(session, first, batch) is Outcome.ACCEPTED
    await peer.received_messages(*messages)
    assert session.core.up.accepted == 2000


async def test_a_retry_of_many_chunks_goes_on_where_the_first_try_stopped(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    messages = [b"%d" % number * 100 for number in range(2000)]
    batch = b"".join(message + b"\0" for message in messages)
    await send(session, 1, batch[: batch.index(b"\0", 2 * CHUNK_BYTES) + 1])
    await send(session, 1, batch)
    await peer.received_messages(*messages)


async def test_everybody_else_has_their_turn_between_two_chunks(tunnel: Tunnel) -> None:
    session, _ = await tunnel.open()
    accepted_at_a_turn: set[int] = set()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(send(session, 1, (b"x" * (CHUNK_BYTES - 1) + b"\0") * 3))
        while not task.done():
            session.turns.take(lambda: sleep(ROUND_S))  # leaves no time for a second chunk
            accepted_at_a_turn.add(session.core.up.accepted)
            await asyncio.sleep(0)
    assert accepted_at_a_turn >= {1, 2, 3}


async def test_an_empty_body_is_accepted(tunnel: Tunnel) -> None:
    session, _ = await tunnel.open()
    assert await send(session, 1, b"") is Outcome.ACCEPTED
    assert session.core.up.accepted == 0


async def test_a_body_too_far_ahead_is_not_accepted(tunnel: Tunnel) -> None:
    session, _ = await tunnel.open()
    with pytest.raises(TooFarAhead):
        await send(session, 2, b"b\0")


# -- refusals


async def test_a_body_is_accepted_up_to_the_message_refused(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    assert await send(session, 1, b"a\0\xff\0c\0") == Refusal(2, NOT_UTF8)
    assert session.core.up.accepted == 2
    await peer.received_messages(b"a")


async def test_a_retry_that_covers_the_refusal_gets_the_same_answer_and_sends_nothing(
    tunnel: Tunnel,
) -> None:
    session, peer = await tunnel.open()
    await send(session, 1, b"a\0\xff\0")
    assert await send(session, 1, b"a\0\xff\0c\0") == Refusal(2, NOT_UTF8)
    assert await send(session, 3, b"d\0") is Outcome.ACCEPTED
    await peer.received_messages(b"a", b"d")


async def test_without_a_number_no_refusal_is_remembered(tunnel: Tunnel) -> None:
    session, _ = await tunnel.open()
    await send(session, None, b"\xff\0")
    assert await send(session, None, b"a\0") is Outcome.ACCEPTED


@pytest.mark.parametrize("first", [1, None])
async def test_a_fault_at_the_end_of_a_body_uses_the_next_number_up(
    tunnel: Tunnel, first: int | None
) -> None:
    session, peer = await tunnel.open()
    body = UpBody(b"a\0", LONE_SURROGATE)
    outcome = await Send(session, receives=False).run(first, body)
    assert outcome == Refusal(2, LONE_SURROGATE)
    await peer.received_messages(b"a")


async def test_a_retry_that_covers_such_a_fault_gets_the_same_answer(tunnel: Tunnel) -> None:
    session, _ = await tunnel.open()
    body = UpBody(b"a\0", LONE_SURROGATE)
    for _ in range(2):
        outcome = await Send(session, receives=False).run(1, body)
        assert outcome == Refusal(2, LONE_SURROGATE)
    assert session.core.up.accepted == 2


async def test_a_fault_whose_number_was_accepted_long_since_is_told_again(tunnel: Tunnel) -> None:
    """What is behind it in the body is not known, so it must not pass for accepted."""
    session, _ = await tunnel.open()
    await send(session, 1, b"a\0\xff\0c\0")
    await send(session, 3, b"\xff\0")
    body = UpBody(b"a\0", LONE_SURROGATE)
    outcome = await Send(session, receives=False).run(1, body)
    assert outcome == Refusal(2, LONE_SURROGATE)
    assert session.core.up.accepted == 3


# -- the end


@pytest.mark.parametrize("batch", [b"a\0", b""])
async def test_nothing_is_accepted_after_the_end(tunnel: Tunnel, batch: bytes) -> None:
    session, _ = await tunnel.open()
    session.end(CloseCode.KICKED)
    assert await send(session, 1, batch) is Outcome.ENDED
    assert session.core.up.accepted == 0


async def test_no_fault_uses_a_number_up_after_the_end(tunnel: Tunnel) -> None:
    session, _ = await tunnel.open()
    session.end(CloseCode.KICKED)
    assert await Send(session, receives=False).run(1, UpBody(b"", NOT_UTF8)) is Outcome.ENDED
    assert session.core.up.accepted == 0


# -- a daemon that takes nothing


@pytest.fixture
def slow(daemon: ScriptedDaemon) -> None:
    """The daemon reads nothing."""
    stall(daemon)


async def full(tunnel: Tunnel) -> tuple[Session, DaemonConnection, bytes]:
    """Both ends of a session whose daemon takes no more, and what it has not yet read."""
    session, peer = await tunnel.open()
    return session, peer, await fill(session)


@asynccontextmanager
async def sending(
    session: Session, *, receives: bool = True, ack: int | None = None, batch: bytes = b"last\0"
) -> AsyncIterator[Sending]:
    """A send under way, to be done when the body of the block is."""
    async with asyncio.TaskGroup() as group:
        run = Send(session, receives=receives, ack=ack).run(None, UpBody(batch))
        yield group.create_task(run)


@pytest.mark.usefixtures("slow")
async def test_a_send_waits_for_the_daemon_to_take_data(tunnel: Tunnel, clock: SteppedLoop) -> None:
    session, peer, sent = await full(tunnel)
    async with sending(session) as task:
        await clock.pass_time(HELD_UP_S + A_LITTLE_S)
        assert not task.done()
        peer.resume()
        assert await task is Outcome.ACCEPTED
    assert await peer.received(len(sent) + 5) == sent + b"last\0"


@pytest.mark.usefixtures("slow")
async def test_a_send_that_receives_is_answered_early_when_down_messages_wait(
    tunnel: Tunnel, clock: SteppedLoop
) -> None:
    session, peer, _ = await full(tunnel)
    peer.say(b"a")
    await logged(session, 1)
    accepted = session.core.up.accepted
    async with sending(session) as task:
        await clock.pass_time(HELD_UP_S - A_LITTLE_S)
        assert not task.done()
        await clock.pass_time(A_LITTLE_S)
        assert task.done()
    assert task.result() is Outcome.HELD_UP
    assert session.core.up.accepted == accepted


@pytest.mark.usefixtures("slow")
async def test_a_send_that_receives_is_answered_when_the_first_down_message_comes(
    tunnel: Tunnel, clock: SteppedLoop
) -> None:
    session, peer, _ = await full(tunnel)
    async with sending(session) as task:
        await clock.pass_time(HELD_UP_S + A_LITTLE_S)
        peer.say(b"a")
        assert await task is Outcome.HELD_UP


@pytest.mark.usefixtures("slow")
async def test_a_daemon_that_takes_data_at_once_gets_it_although_down_messages_wait(
    tunnel: Tunnel, clock: SteppedLoop
) -> None:
    session, peer, sent = await full(tunnel)
    peer.say(b"a")
    await logged(session, 1)
    async with sending(session) as task:
        peer.resume()
        assert await task is Outcome.ACCEPTED
    assert await peer.received(len(sent) + 5) == sent + b"last\0"


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize(("ack", "early"), [(None, False), (0, True), (1, True), (2, False)])
async def test_down_messages_wait_if_there_are_any_behind_those_the_client_has(
    tunnel: Tunnel, clock: SteppedLoop, ack: int | None, early: bool
) -> None:
    session, peer, _ = await full(tunnel)
    receiver = Recorder()
    session.attach(receiver, 0)
    peer.say(b"a", b"b")
    await receiver.received(b"a\0b\0")
    session.detach(receiver)
    async with sending(session, ack=ack) as task:
        await clock.pass_time(HELD_UP_S)
        assert task.done() is early
        peer.resume()


@pytest.mark.usefixtures("slow")
async def test_a_send_that_does_not_receive_is_answered_early_when_the_log_is_full(
    make_tunnel: MakeTunnel, clock: SteppedLoop
) -> None:
    session, peer, _ = await full(make_tunnel(log_high_water_bytes=1000, log_low_water_bytes=400))
    peer.say(b"x" * 500)
    await logged(session, 1)
    async with sending(session, receives=False) as task:
        await clock.pass_time(HELD_UP_S)
        assert not task.done()
        peer.say(b"x" * 500)
        assert await task is Outcome.HELD_UP


@pytest.mark.usefixtures("slow")
async def test_with_a_full_log_a_send_is_answered_early_when_whoever_received_has_gone(
    make_tunnel: MakeTunnel, clock: SteppedLoop
) -> None:
    session, peer, _ = await full(make_tunnel(log_high_water_bytes=1000, log_low_water_bytes=400))
    receiver = Recorder(ready=False)
    session.attach(receiver, 0)
    peer.say(b"x" * 1000)
    await logged(session, 1)
    async with sending(session, receives=False) as task:
        await clock.pass_time(HELD_UP_S)
        assert not task.done()
        session.detach(receiver)
        assert await task is Outcome.HELD_UP


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("receives", [True, False])
async def test_while_somebody_else_receives_only_who_takes_over_is_answered_early(
    tunnel: Tunnel, clock: SteppedLoop, receives: bool
) -> None:
    session, peer, _ = await full(tunnel)
    session.attach(Recorder(ready=False), 0)
    peer.say(b"a")
    await logged(session, 1)
    async with sending(session, receives=receives) as task:
        await clock.pass_time(HELD_UP_S)
        assert task.done() is receives
        peer.resume()
        assert await task is (Outcome.HELD_UP if receives else Outcome.ACCEPTED)


@pytest.mark.usefixtures("slow")
async def test_a_daemon_that_takes_nothing_for_the_longest_wait_is_slow(
    tunnel: Tunnel, clock: SteppedLoop
) -> None:
    session, _, _ = await full(tunnel)
    accepted = session.core.up.accepted
    async with asyncio.TaskGroup() as group:
        task = group.create_task(slow_daemon(session, b"last\0"))
        await clock.pass_time(WAIT_S - A_LITTLE_S)
        assert not task.done()
        await clock.pass_time(A_LITTLE_S)
        assert task.done()
    assert session.core.up.accepted == accepted


async def slow_daemon(session: Session, batch: bytes) -> None:
    """Sends what the daemon does not take in time."""
    with pytest.raises(Problem) as caught:
        await Send(session, receives=True).run(None, UpBody(batch))
    assert caught.value.code == "slow-daemon"


@pytest.mark.usefixtures("slow")
async def test_what_the_daemon_took_of_a_body_stays_accepted(
    tunnel: Tunnel, clock: SteppedLoop
) -> None:
    session, peer = await tunnel.open()
    message = b"x" * (CHUNK_BYTES // 2 - 1) + b"\0"
    async with asyncio.TaskGroup() as group:
        group.create_task(slow_daemon(session, message * 1000))
        await clock.pass_time(WAIT_S)
    accepted = session.core.up.accepted
    assert 0 < accepted < 1000
    peer.resume()
    assert await peer.received(accepted * len(message)) == message * accepted


@pytest.mark.usefixtures("slow")
async def test_a_send_that_waits_hears_of_the_end(tunnel: Tunnel, clock: SteppedLoop) -> None:
    session, _, _ = await full(tunnel)
    async with sending(session) as task:
        await clock.pass_time(HELD_UP_S)
        session.end(CloseCode.KICKED)
        assert await task is Outcome.ENDED


async def test_two_sends_do_not_get_into_each_other(tunnel: Tunnel) -> None:
    session, peer = await tunnel.open()
    first, second = (letter * (CHUNK_BYTES - 1) + b"\0" for letter in (b"a", b"b"))
    async with sending(session, batch=3 * first), sending(session, batch=3 * second):
        session.turns.wait(lambda: None)  # behind which each chunk waits for its turn
    assert await peer.received(6 * CHUNK_BYTES) == 3 * first + 3 * second


async def test_two_sends_of_the_same_numbers_at_a_time_get_the_same_refusal(
    tunnel: Tunnel,
) -> None:
    session, _ = await tunnel.open()
    batch = b"a" * (CHUNK_BYTES - 1) + b"\0\xff\0" + b"c\0"
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(send(session, 1, batch)) for _ in range(2)]
        session.turns.wait(lambda: None)
    assert [task.result() for task in tasks] == [Refusal(2, NOT_UTF8)] * 2
    assert session.core.up.accepted == 2


@pytest.mark.usefixtures("slow")
async def test_a_send_waits_for_the_one_before_it(tunnel: Tunnel) -> None:
    session, peer, sent = await full(tunnel)
    async with sending(session, batch=b"a\0b\0") as first, sending(session, batch=b"c\0") as second:
        await turns()
        peer.resume()
        assert [await first, await second] == [Outcome.ACCEPTED, Outcome.ACCEPTED]
    assert await peer.received(len(sent) + 6) == sent + b"a\0b\0c\0"


@pytest.mark.usefixtures("slow")
async def test_waiting_for_another_send_counts_as_waiting(
    tunnel: Tunnel, clock: SteppedLoop
) -> None:
    session, _, _ = await full(tunnel)
    async with session.sends.turn(clock.time() + 2 * WAIT_S), asyncio.TaskGroup() as group:
        task = group.create_task(slow_daemon(session, b"last\0"))
        await clock.pass_time(WAIT_S)
        assert task.done()

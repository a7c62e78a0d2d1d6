"""Sides that read slowly: memory stays bounded, nothing is lost, nobody waits for ever."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from websockets.asyncio.client import ClientConnection

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client, Session
from tests.support.configured import MakeConfig
from tests.support.daemon import DaemonConnection, ScriptedDaemon, framed
from tests.support.deadline import within_deadline
from tests.support.sockets import V1Client, attach, open_plain, open_raw, open_v1

# More than the kernel's socket buffers take on the whole way.
LARGE = [b"%06d:" % number + b"x" * 16_000 for number in range(1000)]
# Above the 64 KiB that may wait for their ack for 1 s.
MAX_UNACKED_BYTES = 262_144

OpenSocket = Callable[[Client, str], Awaitable[ClientConnection]]
HeldUp = tuple[V1Client, DaemonConnection, list[bytes]]


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    """A bridge that soon gives up a send, and takes a large batch in one."""
    return start_bridge(
        config(
            wait_s=1,
            max_body_bytes=33_554_432,
            max_unacked_bytes=MAX_UNACKED_BYTES,
            log_high_water_bytes=262_144,
            log_low_water_bytes=65_536,
        )
    )


@pytest.fixture
async def stalled(client: Client, daemon: ScriptedDaemon) -> Session:
    """A session with a daemon that reads nothing until it is told to resume."""
    daemon.is_stalled = True
    return await client.open()


async def test_a_send_past_the_wait_is_a_slow_daemon_and_says_how_far_it_got(
    stalled: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    answer = await stalled.send(*LARGE, first=1)
    answer.problem(503, "slow-daemon")
    assert answer.ack < len(LARGE)
    accepted = framed(LARGE[: answer.ack])
    deleted = asyncio.ensure_future(stalled.delete())
    connection.resume()
    (await deleted).empty()
    assert await connection.ended() == accepted


@pytest.mark.parametrize("is_sure", [True, False], ids=["from the ack", "from the beginning"])
async def test_a_client_that_repeats_a_slow_send_loses_and_doubles_nothing(
    stalled: Session, daemon: ScriptedDaemon, is_sure: bool
) -> None:
    connection = await daemon.accepted()
    answer = await stalled.send(*LARGE, first=1)
    connection.resume()
    async with within_deadline("the acceptance of all messages"):
        while answer.status == 503:
            sure = answer.ack if is_sure else 0
            answer = await stalled.send(*LARGE[sure:], first=sure + 1)
    answer.empty()
    await stalled.send(b"<end/>", first=len(LARGE) + 1)
    await connection.received_messages(*LARGE, b"<end/>")


async def test_a_send_held_up_answers_early_when_a_down_message_comes(
    stalled: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    send = asyncio.ensure_future(stalled.send(*LARGE, first=1, ack=0, wait=1))
    connection.say(b"<down/>")
    answer = await send
    assert answer.messages == [b"<down/>"]
    assert answer.ack < len(LARGE)


async def test_a_send_held_up_answers_early_when_down_messages_wait(
    stalled: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    connection.say(b"<down/>")
    await stalled.peek(1)
    answer = await stalled.send(*LARGE, first=1, ack=0, wait=1)
    assert answer.messages == [b"<down/>"]
    assert answer.ack < len(LARGE)


async def test_a_session_whose_daemon_is_slow_still_receives(
    stalled: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    await stalled.send(*LARGE, first=1)
    connection.say(b"<down/>")
    assert await stalled.peek(1) == [b"<down/>"]


async def test_when_the_daemon_half_closes_accepted_messages_are_still_flushed(
    stalled: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    answer = await stalled.send(*LARGE, first=1)
    answer.problem(503, "slow-daemon")
    connection.half_close()
    assert await stalled.ended() == "daemon-closed"
    connection.resume()
    assert await connection.ended() == framed(LARGE[: answer.ack])


async def test_when_the_client_lags_the_bridge_stops_reading_the_daemon(
    client: Client, daemon: ScriptedDaemon
) -> None:
    session = await client.open()
    connection = await daemon.accepted()
    flood = asyncio.create_task(connection.send(framed([message]) for message in LARGE * 3))
    await session.peek(1)
    assert not flood.done()
    assert await session.collect(len(LARGE) * 3) == LARGE * 3
    await flood


async def test_a_tail_longer_than_the_log_is_received_to_its_end(
    client: Client, daemon: ScriptedDaemon
) -> None:
    session = await client.open()
    connection = await daemon.accepted()
    connection.say(*LARGE)
    connection.close()
    messages, answer = await session.drain()
    assert messages == LARGE
    answer.problem(410, "daemon-closed")


async def test_a_send_held_up_when_the_daemon_ends_its_stream_says_how_far_it_got(
    stalled: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    send = asyncio.ensure_future(stalled.send(*LARGE, first=1))
    connection.half_close()
    answer = await send
    answer.problem(409, "ended")
    connection.resume()
    assert await connection.ended() == framed(LARGE[: answer.ack])


@pytest.mark.parametrize("socket_kind", [open_plain, open_raw])
async def test_a_plain_or_raw_client_that_reads_late_gets_everything(
    client: Client, daemon: ScriptedDaemon, socket_kind: OpenSocket
) -> None:
    socket = await socket_kind(client, "blob")
    connection = await daemon.accepted()
    flood = asyncio.create_task(connection.send(framed([message]) for message in LARGE))
    received, terminator = bytearray(), b"" if socket_kind is open_raw else b"\0"
    total = len(framed(LARGE))
    async with within_deadline("all bytes"):
        while len(received) < total:
            frame = await socket.recv()
            assert isinstance(frame, bytes)
            received += frame + terminator
    assert bytes(received) == framed(LARGE)
    await flood


@pytest.mark.parametrize("socket_kind", [open_plain, open_raw])
async def test_what_a_plain_or_raw_client_sends_to_a_slow_daemon_arrives_in_the_end(
    client: Client, daemon: ScriptedDaemon, socket_kind: OpenSocket
) -> None:
    daemon.is_stalled = True
    socket = await socket_kind(client, "blob")
    connection = await daemon.accepted()

    async def send_all() -> None:
        for message in LARGE:
            await socket.send(message + b"\0")

    sending = asyncio.create_task(send_all())
    connection.resume()
    await connection.received_messages(*LARGE)
    await sending


class Window:
    """Sends up messages over a v1 socket, keeping no more than the bound unacknowledged."""

    def __init__(self, socket: V1Client, messages: list[bytes]) -> None:
        self._socket = socket
        self._messages = messages
        self._sent = 0

    @property
    def is_open(self) -> bool:
        """Whether the next message may be sent: it fits, or it is alone."""
        if self._sent == len(self._messages):
            return False
        waiting = self._messages[self._socket.ack : self._sent + 1]
        return len(waiting) == 1 or sum(map(len, waiting)) + len(waiting) <= MAX_UNACKED_BYTES

    async def fill(self) -> None:
        while self.is_open:
            await self._socket.send(self._messages[self._sent])
            self._sent += 1


@pytest.mark.parametrize("size", [1000, 60_000, 1_000_000])
async def test_acks_get_through_to_the_bridge_however_slow_the_daemon_is(
    client: Client, daemon: ScriptedDaemon, size: int
) -> None:
    """The daemon speaks but does not read: the client hears it all, though its own window is full.

    A message longer than the bound may be on its way alone.
    """
    daemon.is_stalled = True
    socket = await open_v1(client)
    connection = await daemon.accepted()
    up = [b"%06d:" % number + b"u" * size for number in range(16_000_000 // size)]
    window = Window(socket, up)
    down = asyncio.create_task(connection.send(framed([message]) for message in LARGE))
    async with within_deadline("all down messages"):
        while len(socket.messages) < len(LARGE):
            await window.fill()
            await socket.read_frame()
            await socket.acknowledge()
    await down
    assert socket.messages == LARGE
    assert socket.ack < len(up)
    connection.resume()
    async with within_deadline("the acks of all up messages"):
        while socket.ack < len(up):
            await window.fill()
            await socket.read_frame()
    await connection.received_messages(*up)


# -- a v1 client whose daemon takes nothing


@pytest.fixture
async def held_up(stalled: Session, daemon: ScriptedDaemon) -> HeldUp:
    """A socket of a session whose daemon is known to take nothing more."""
    connection = await daemon.accepted()
    answer = await stalled.send(*LARGE, first=1)
    answer.problem(503, "slow-daemon")
    return await attach(stalled), connection, LARGE[: answer.ack]


async def answers(socket: V1Client) -> None:
    """Returns once the bridge has read all that was sent so far, and reads on: the first ping may
    have come in one read with what is in front of it."""
    async with within_deadline("two pongs"):
        for _ in range(2):
            await (await socket.socket.ping())


@pytest.mark.parametrize(
    "messages",
    [
        pytest.param([b"u" * 1023] * (MAX_UNACKED_BYTES // 1024), id="many that fill the window"),
        pytest.param([b"u" * (MAX_UNACKED_BYTES - 1)], id="one that fills it"),
        pytest.param([b"u" * 1_000_000], id="one longer than it"),
    ],
)
@pytest.mark.parametrize("frame_bytes", [1 << 24, 20_000], ids=["at once", "in fragments"])
async def test_a_client_that_keeps_the_window_is_read_however_slow_the_daemon_is(
    held_up: HeldUp, messages: list[bytes], frame_bytes: int
) -> None:
    socket, connection, before = held_up
    data = framed(messages)
    fragments = [data[start : start + frame_bytes] for start in range(0, len(data), frame_bytes)]
    await socket.socket.send(fragments, text=True)
    await answers(socket)
    connection.resume()
    await connection.received_messages(*before, *messages)


async def test_a_client_that_broke_the_window_is_read_on_when_the_daemon_takes_data(
    held_up: HeldUp,
) -> None:
    socket, connection, before = held_up
    messages = LARGE[: 5 * MAX_UNACKED_BYTES // len(LARGE[0])]
    for message in messages:
        await socket.send(message)
    connection.resume()
    await answers(socket)
    await connection.received_messages(*before, *messages)


async def test_a_client_that_breaks_the_window_is_no_longer_read(
    start_bridge: StartBridge, config: MakeConfig, daemon: ScriptedDaemon
) -> None:
    """Nor when the daemon is given up, while a bridge without a bound has long since read all."""
    daemon.is_stalled = True
    changes = {"max_unacked_bytes": MAX_UNACKED_BYTES, "slow_daemon_s": 2}
    async with Client(start_bridge(config(**changes)).url) as client:
        socket = await open_v1(client)

        async def flood() -> None:
            for _ in range(160):
                await socket.send(*LARGE[:50])

        flooding = asyncio.create_task(flood())
        assert (await socket.told("close"))["code"] == "slow-daemon"
        assert not flooding.done()
        flooding.cancel()
        await asyncio.wait([flooding])


async def idle(bridge: RunningBridge, other: Session) -> None:
    """Returns when the bridge does next to nothing while a poll of another session waits."""
    async with within_deadline("rest"):
        used_s = 1.0
        while used_s > 0.02:
            before_s = bridge.cpu_s
            (await other.receive(ack=0, wait=0.3)).empty()
            used_s = bridge.cpu_s - before_s


async def test_refusals_that_the_client_does_not_read_wait_and_are_all_told(
    client: Client, daemon: ScriptedDaemon, bridge: RunningBridge
) -> None:
    """They are made as they are read, or one frame would fill the memory with them."""
    socket = await open_v1(client, "strict")
    socket.socket.transport.pause_reading()
    bridge.forget_peak()
    before_kib = bridge.peak_kib
    bad = [b"<"] * 30_000
    sending = asyncio.ensure_future(socket.send(*bad))
    await idle(bridge, await client.open())
    assert bridge.peak_kib < before_kib + 4096
    socket.socket.transport.resume_reading()
    await sending
    await socket.acked(len(bad))
    told = [control["reject"]["message"] for control in socket.controls if "reject" in control]
    assert told == list(range(1, len(bad) + 1))

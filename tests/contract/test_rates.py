"""Messages go as fast as the limits allow: nothing is lost, doubled or ended by that, and others
notice nothing.

The limited session is compared with a free one that does the same in the same run: the free one
begins later and is done before. Both sides' patience is far shorter than what the limits take.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client
from tests.support.configured import MakeConfig
from tests.support.daemon import ScriptedDaemon, framed
from tests.support.deadline import within_deadline
from tests.support.sockets import attach, open_plain, open_raw, open_v1, session_of

MESSAGES = [b"<%03d/>" % number for number in range(80)]
PACE = {"messages_per_s": 60, "burst_s": 0.2}
"""The messages take more than a second of it."""
DAWDLE = {"messages_per_s": 0.05}
"""One at once, the next after 20 s."""
DAWDLERS = [f"dawdler-{number}" for number in range(8)]
TOKENS = {name: f"the-token-of-{name}" for name in ("anna", "bert", "carl", "dora")}

Send = Callable[[Client, str], Awaitable[object]]
Receive = Callable[[Client, str], Awaitable[list[bytes]]]


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    """A bridge of impatience, and daemons with limits of each kind."""
    address = config()["daemons"]["chat"]["address"]
    chat = {"address": address, "messages": "text"}
    byte_pace = {"bytes_per_s": 60 * len(framed(MESSAGES[:1])), "burst_s": 0.2}
    daemons = {
        "free": chat,
        "up": {**chat, "up": PACE},
        "up-bytes": {**chat, "up": byte_pace},
        "down": {**chat, "down": PACE},
        "down-bytes": {**chat, "down": byte_pace},
        **{name: {**chat, "up": DAWDLE} for name in DAWDLERS},
        "narrow": {**chat, "max_message_bytes": 9},
        "locked": {**chat, "auth": {"tokens": TOKENS}},
    }
    return start_bridge(
        config(
            daemons=daemons,
            slow_client_s=0.3,
            slow_daemon_s=0.3,
            user_up={"messages_per_s": 0.05},
            user_max_sessions=2,
            user_opens_per_s=0.05,
        )
    )


@pytest.fixture(scope="module")
def dawdlers() -> Iterator[str]:
    """Daemons to which nobody has sent anything yet."""
    return iter(DAWDLERS)


@pytest.fixture
def dawdler(dawdlers: Iterator[str]) -> str:
    """One for this test alone."""
    return next(dawdlers)


# -- up


async def up_by_v1(client: Client, daemon: str) -> None:
    await (await open_v1(client, daemon)).send(*MESSAGES)


async def up_by_plain(client: Client, daemon: str) -> None:
    socket = await open_plain(client, daemon)
    for message in MESSAGES:
        await socket.send(message.decode())


async def up_by_raw(client: Client, daemon: str) -> None:
    await (await open_raw(client, daemon)).send(framed(MESSAGES))


async def up_by_long_poll(client: Client, daemon: str) -> None:
    (await (await client.open(daemon)).send(*MESSAGES, first=1)).empty()


async def up_by_long_poll_without_numbers(client: Client, daemon: str) -> None:
    (await (await client.open(daemon)).send(*MESSAGES)).empty()


async def up_by_exchange(client: Client, daemon: str) -> None:
    assert (await client.exchange(*MESSAGES, replies=0, daemon=daemon)).ack == len(MESSAGES)


@pytest.mark.parametrize("limit", ["up", "up-bytes"])
@pytest.mark.parametrize(
    "send",
    [
        up_by_v1,
        up_by_plain,
        up_by_raw,
        up_by_long_poll,
        up_by_long_poll_without_numbers,
        up_by_exchange,
    ],
)
async def test_a_daemon_gets_messages_at_its_pace_and_each_of_them_once(
    client: Client, daemon: ScriptedDaemon, send: Send, limit: str
) -> None:
    sending = asyncio.ensure_future(send(client, limit))
    limited = await daemon.accepted()
    await limited.received(1)
    sending_freely = asyncio.ensure_future(send(client, "free"))
    free = await daemon.accepted()
    await free.received_messages(*MESSAGES)
    assert len(limited.data) < len(framed(MESSAGES))
    await limited.received_messages(*MESSAGES)
    await asyncio.gather(sending, sending_freely)


async def test_a_flood_takes_turns_with_others_who_come_under_the_same_limit(
    client: Client, daemon: ScriptedDaemon
) -> None:
    flood = await open_v1(client, "up")
    await flood.send(*MESSAGES)
    flooded = await daemon.accepted()
    await flooded.received(1)
    other = await client.open("up")
    (await other.send(b"a word", first=1)).empty()
    assert len(flooded.data) < len(framed(MESSAGES))
    await (await daemon.accepted()).received_messages(b"a word")
    await flooded.received_messages(*MESSAGES)


@pytest.mark.parametrize("first", [1, None], ids=["numbered", "unnumbered"])
async def test_a_send_that_cannot_wait_for_so_long_is_told_when_to_send_the_rest(
    client: Client, daemon: ScriptedDaemon, first: int | None, dawdler: str
) -> None:
    session = await client.open(dawdler)
    answer = await session.send(b"a", b"b", b"c", first=first)
    answer.problem(429, "rate-limited")
    assert answer.ack == 1
    assert 1 < int(answer.headers["Retry-After"]) <= 20
    assert answer.headers["RateLimit-Policy"] == '"daemon-up-messages";q=1;w=20'
    assert answer.headers["RateLimit"].startswith('"daemon-up-messages";r=0;t=')
    again = await session.send(b"a", b"b", b"c", first=1)
    again.problem(429, "rate-limited")
    assert again.ack == 1
    (await session.send(b"a", first=1)).empty()
    await (await daemon.accepted()).received_messages(b"a")


async def test_a_session_that_may_not_send_receives(
    client: Client, daemon: ScriptedDaemon, dawdler: str
) -> None:
    session = await client.open(dawdler)
    connection = await daemon.accepted()
    (await session.send(b"a", b"b", first=1)).problem(429, "rate-limited")
    connection.say(b"down")
    assert await session.peek(1) == [b"down"]
    answer = await session.send(b"b", first=2, ack=0, wait=5)
    assert (answer.messages, answer.ack) == ([b"down"], 1)


async def test_what_waits_is_not_accepted_and_a_client_that_comes_back_sends_it_again(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_v1(client, "up")
    connection = await daemon.accepted()
    await socket.send(*MESSAGES)
    await connection.received(1)
    socket.vanish()
    back = await attach(session_of(client, socket))
    assert back.ack < len(MESSAGES)
    await back.send(*MESSAGES[back.ack :])
    await connection.received_messages(*MESSAGES)


async def test_an_end_waits_for_no_limit(
    client: Client, daemon: ScriptedDaemon, dawdler: str
) -> None:
    socket = await open_v1(client, dawdler)
    await socket.send(*MESSAGES)
    await socket.control(close={})
    connection = await daemon.accepted()
    assert await connection.ended() == framed(MESSAGES)
    assert (await socket.told("close"))["code"] == "client-closed"


async def test_what_a_plain_client_sent_before_its_end_waits_for_no_limit_either(
    client: Client, daemon: ScriptedDaemon, dawdler: str
) -> None:
    socket = await open_plain(client, dawdler)
    for message in MESSAGES:
        await socket.send(message.decode())
    await socket.close()
    assert await (await daemon.accepted()).ended() == framed(MESSAGES)


async def test_a_fault_behind_what_waits_does_not_overtake_it(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_plain(client, "up")
    for message in MESSAGES:
        await socket.send(message.decode())
    await socket.send("in\0side")
    connection = await daemon.accepted()
    assert await connection.ended() == framed(MESSAGES)
    async with within_deadline("the close"):
        await socket.wait_closed()
    assert socket.close_code == 1008


# -- down


async def down_by_v1(client: Client, daemon: str) -> list[bytes]:
    return await (await open_v1(client, daemon)).received(len(MESSAGES))


async def down_by_plain(client: Client, daemon: str) -> list[bytes]:
    socket = await open_plain(client, daemon)
    async with within_deadline("all messages"):
        return [(await socket.recv(decode=False)) for _ in MESSAGES]


async def down_by_raw(client: Client, daemon: str) -> list[bytes]:
    socket, received = await open_raw(client, daemon), b""
    async with within_deadline("all messages"):
        while received.count(0) < len(MESSAGES):
            received += await socket.recv(decode=False)
    return received.split(b"\0")[:-1]


async def down_by_long_poll(client: Client, daemon: str) -> list[bytes]:
    return await (await client.open(daemon)).collect(len(MESSAGES))


async def down_by_events(client: Client, daemon: str) -> list[bytes]:
    async with (await client.open(daemon)).events() as stream:
        return [event.data.encode() for event in await stream.take(len(MESSAGES))]


async def down_by_exchange(client: Client, daemon: str) -> list[bytes]:
    return (await client.exchange(replies=len(MESSAGES), daemon=daemon)).messages


@pytest.mark.parametrize("limit", ["down", "down-bytes"])
@pytest.mark.parametrize(
    "receive",
    [
        down_by_v1,
        down_by_plain,
        down_by_raw,
        down_by_long_poll,
        down_by_events,
        down_by_exchange,
    ],
)
async def test_a_daemon_is_read_at_its_pace_and_each_message_comes_once(
    client: Client, daemon: ScriptedDaemon, receive: Receive, limit: str
) -> None:
    receiving = asyncio.ensure_future(receive(client, limit))
    (await daemon.accepted()).say(*MESSAGES)
    receiving_freely = asyncio.ensure_future(receive(client, "free"))
    (await daemon.accepted()).say(*MESSAGES)
    assert await receiving_freely == MESSAGES
    assert not receiving.done()
    assert await receiving == MESSAGES


async def test_the_last_words_of_a_daemon_wait_for_no_limit(
    client: Client, daemon: ScriptedDaemon
) -> None:
    daemon.say_goodbye(*MESSAGES)
    messages, answer = await (await client.open("down")).drain()
    assert messages == MESSAGES
    answer.problem(410, "daemon-closed")


# -- users


def by(user: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKENS[user]}"}


async def test_the_sessions_of_one_user_have_one_limit_and_another_user_has_another(
    client: Client, daemon: ScriptedDaemon
) -> None:
    first = await open_v1(client, "locked", by("anna"))
    await first.send(b"a")
    await (await daemon.accepted()).received_messages(b"a")
    answer = await client.post_open("locked", by("anna"))
    answer.problem(429, "rate-limited")
    assert 1 < int(answer.headers["Retry-After"]) <= 20
    await (await open_v1(client, "locked", by("bert"))).send(b"b")
    await (await daemon.accepted()).received_messages(b"b")


async def test_a_user_has_so_many_sessions_and_is_told_how_many_more_may_be_opened(
    client: Client, bridge: RunningBridge, daemon: ScriptedDaemon
) -> None:
    opened = await client.post_open("locked", by("carl"))
    assert opened.headers["RateLimit-Policy"] == '"user";q=10;w=200'
    assert opened.headers["RateLimit"].startswith('"user";r=9;t=')
    await client.open("locked", by("carl"))
    (await client.post_open("locked", by("carl"))).problem(503, "too-many-sessions")
    assert 'reason="user_max_sessions of carl"' in await bridge.logged("code=too-many-sessions")
    await client.open("locked", by("dora"))


# -- the longest message


async def test_a_daemon_has_a_longest_message_of_its_own(
    client: Client, daemon: ScriptedDaemon
) -> None:
    answer = await client.post_open("narrow")
    assert answer.json()["max_message_bytes"] == 9
    session = await client.open("narrow")
    (await session.send(b"x" * 9, first=1)).empty()
    (await session.send(b"x" * 10, first=2)).problem(413, "message-too-big")
    await (await client.open("free")).send(b"x" * 10, first=1)

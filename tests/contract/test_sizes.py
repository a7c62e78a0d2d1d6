"""The longest message allowed goes over every transport, both ways."""

from collections.abc import Awaitable, Callable

import pytest

from tests.support.clients import PATIENTLY_S, Client
from tests.support.daemon import ScriptedDaemon
from tests.support.deadline import within_deadline
from tests.support.sockets import V1Client, attach, open_plain, open_raw, open_v1

MAX_MESSAGE_BYTES = 1 << 20
LONGEST = ("<m>" + "žluť" * 170_000 + "</m>").encode().ljust(MAX_MESSAGE_BYTES, b"\n")

RoundTrip = Callable[[Client], Awaitable[list[bytes]]]


async def poll(client: Client) -> list[bytes]:
    session = await client.open("strict")
    (await session.send(b"<a/>", LONGEST, b"<b/>")).empty()
    return await session.collect(3)


async def one_round_trip(client: Client) -> list[bytes]:
    session = await client.open("strict")
    answer = await session.send(LONGEST, first=1, ack=0, wait=PATIENTLY_S)
    return [b"<a/>", *answer.messages, b"<b/>"]


async def stream(client: Client) -> list[bytes]:
    session = await client.open("strict")
    (await session.send(b"<a/>", LONGEST, b"<b/>")).empty()
    messages: list[bytes] = []
    while len(messages) < 3:
        # It ends each time the log is full.
        async with session.events(last_event_id=len(messages)) as events:
            while len(messages) < 3 and (event := await events.next()):
                messages.append(event.data.encode())
    return messages


async def exchange(client: Client) -> list[bytes]:
    # More than this one would be more than the log holds.
    answer = await client.exchange(LONGEST, daemon="strict")
    return [b"<a/>", *answer.messages, b"<b/>"]


async def three(socket: V1Client) -> list[bytes]:
    """Acknowledges what makes the log full, lest the last one never come."""
    await socket.received(2)
    await socket.acknowledge()
    return await socket.received(3)


async def v1(client: Client) -> list[bytes]:
    socket = await open_v1(client, "strict")
    await socket.send(b"<a/>", LONGEST, b"<b/>")
    return await three(socket)


async def attached(client: Client) -> list[bytes]:
    socket = await attach(await client.open("strict"))
    await socket.socket.send([b"<a/>\0", LONGEST, b"\0<b", b"/>\0"], text=True)
    return await three(socket)


async def plain(client: Client) -> list[bytes]:
    socket = await open_plain(client, "strict")
    for message in (b"<a/>", LONGEST, b"<b/>"):
        await socket.send(message, text=True)
    async with within_deadline("three messages"):
        return [str(await socket.recv()).encode() for _ in range(3)]


async def raw(client: Client) -> list[bytes]:
    socket = await open_raw(client, "strict")
    await socket.send(b"<a/>\0" + LONGEST)
    await socket.send(b"\0<b/>\0")
    received = bytearray()
    async with within_deadline("three messages"):
        while received.count(0) < 3:
            frame = await socket.recv()
            assert isinstance(frame, bytes)
            received += frame
    return bytes(received[:-1]).split(b"\0")


@pytest.mark.parametrize(
    "round_trip", [poll, one_round_trip, stream, exchange, v1, attached, plain, raw]
)
async def test_the_longest_message_makes_the_round_trip(
    client: Client, daemon: ScriptedDaemon, round_trip: RoundTrip
) -> None:
    assert len(LONGEST) == MAX_MESSAGE_BYTES
    daemon.echo()
    assert await round_trip(client) == [b"<a/>", LONGEST, b"<b/>"]

"""Changing transports: each message once and in order, whatever carried or lost it."""

import asyncio
import itertools
import random
from collections.abc import Awaitable, Callable

import pytest

from tests.support.clients import Client, Session
from tests.support.daemon import ScriptedDaemon
from tests.support.sockets import attach, open_v1, session_of

Take = Callable[[Session, int, int], Awaitable[list[bytes]]]
Give = Callable[[Session, int, list[bytes]], Awaitable[None]]


def numbered(first: int, last: int) -> list[bytes]:
    return [b"<n>%d</n>" % number for number in range(first, last + 1)]


async def poll(session: Session, ack: int, count: int) -> list[bytes]:
    return await session.peek(count, ack)


async def stream(session: Session, ack: int, count: int) -> list[bytes]:
    async with session.events(ack) as events:
        taken = await events.take(count)
    assert [event.number for event in taken] == list(range(ack + 1, ack + count + 1))
    return [str(event.data).encode() for event in taken]


async def socket(session: Session, ack: int, count: int) -> list[bytes]:
    attached = await attach(session, ack)
    assert attached.first == ack + 1
    messages = await attached.received(count)
    attached.vanish()
    return messages


async def post(session: Session, first: int, messages: list[bytes]) -> None:
    answer = await session.send(*messages, first=first)
    answer.empty()


async def post_and_wait(session: Session, first: int, messages: list[bytes]) -> None:
    answer = await session.send(*messages, first=first, wait=0.05)
    answer.empty()


async def send_by_socket(session: Session, first: int, messages: list[bytes]) -> None:
    """Sends what the open frame does not say to be accepted."""
    attached = await attach(session)
    await attached.send(*messages[attached.ack + 1 - first :])
    await attached.acked(first - 1 + len(messages))
    attached.vanish()


@pytest.mark.parametrize(
    ("before", "after"), list(itertools.product([poll, stream, socket], repeat=2))
)
async def test_a_receiver_goes_on_where_it_is_sure_to_have_received(
    session: Session, daemon: ScriptedDaemon, before: Take, after: Take
) -> None:
    connection = await daemon.accepted()
    connection.say(*numbered(1, 10))
    assert await before(session, 0, 10) == numbered(1, 10)
    connection.say(*numbered(11, 20))
    assert await after(session, 7, 13) == numbered(8, 20)


@pytest.mark.parametrize(
    ("before", "after"), list(itertools.product([post, post_and_wait, send_by_socket], repeat=2))
)
async def test_a_sender_repeats_what_it_is_not_sure_to_have_sent(
    session: Session, daemon: ScriptedDaemon, before: Give, after: Give
) -> None:
    await before(session, 1, numbered(1, 10))
    await after(session, 6, numbered(6, 15))
    await session.send(b"<end/>", first=16)
    await (await daemon.accepted()).received_messages(*numbered(1, 15), b"<end/>")


async def test_a_session_of_a_socket_goes_on_over_http(
    client: Client, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    opened = await open_v1(client)
    await opened.send(*numbered(1, 3))
    await opened.received(3)
    opened.vanish()
    session = session_of(client, opened)
    answer = await session.send(*numbered(1, 4), first=1, ack=3, wait=5)
    assert answer.messages == numbered(4, 4)
    assert answer.first == 4
    assert answer.ack == 4


async def test_sends_that_overtake_each_other_are_put_in_order(
    session: Session, daemon: ScriptedDaemon
) -> None:
    """Each is repeated until it is no gap, as a client does whose requests race."""

    async def insist(number: int) -> None:
        while (answer := await session.send(b"<n>%d</n>" % number, first=number)).status == 409:
            answer.gap()
        answer.empty()

    await asyncio.gather(*(insist(number) for number in range(10, 0, -1)))
    await session.send(b"<end/>")
    await (await daemon.accepted()).received_messages(*numbered(1, 10), b"<end/>")


class Wanderer:
    """A client that changes its transport all the time and loses answers on the way."""

    def __init__(self, session: Session, total: int, seed: int) -> None:
        self.up = numbered(1, total)
        self.received: list[bytes] = []
        self._session = session
        self._chance = random.Random(seed)
        self._sure = 0

    async def step(self) -> None:
        await self._chance.choice([self._poll, self._post, self._post_and_wait, self._socket])()

    async def finish(self) -> None:
        answer = await self._session.send(*self.up[self._sure :], first=self._sure + 1)
        answer.empty()
        missing = len(self.up) - len(self.received)
        self.received += await self._session.collect(missing, len(self.received))

    def _some(self) -> list[bytes]:
        return self.up[self._sure : self._sure + self._chance.randrange(40)]

    def _is_lost(self) -> bool:
        return self._chance.random() < 0.3

    async def _poll(self) -> None:
        answer = await self._session.receive(len(self.received), self._chance.choice([0, 0.02]))
        if answer.status == 200 and not self._is_lost():
            self.received += answer.messages

    async def _post(self) -> None:
        answer = await self._session.send(*self._some(), first=self._sure + 1)
        answer.empty()
        if not self._is_lost():
            self._sure = answer.ack

    async def _post_and_wait(self) -> None:
        answer = await self._session.send(
            *self._some(), first=self._sure + 1, ack=len(self.received), wait=0.02
        )
        if not self._is_lost():
            self._sure = answer.ack
            self.received += answer.messages if answer.status == 200 else []

    async def _socket(self) -> None:
        attached = await attach(self._session, len(self.received))
        self._sure = attached.ack
        some = self._some()
        if some:
            await attached.send(*some)
        if self._is_lost():
            attached.vanish()
            return
        # The daemon echoes, so that the last of these answers the last one sent.
        await attached.received(self._sure + len(some) - len(self.received))
        self._sure += len(some)
        self.received += attached.messages
        await attached.acknowledge()
        await attached.socket.close()


@pytest.mark.parametrize("seed", range(4))
async def test_a_client_that_wanders_between_transports_loses_and_doubles_nothing(
    session: Session, daemon: ScriptedDaemon, seed: int
) -> None:
    daemon.echo()
    wanderer = Wanderer(session, total=600, seed=seed)
    for _ in range(40):
        await wanderer.step()
    await wanderer.finish()
    assert wanderer.received == wanderer.up
    await (await daemon.accepted()).received_messages(*wanderer.up)

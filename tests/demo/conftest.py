"""A chat on a port of its own, and people who come to it over TCP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Self

import pytest

from bridge.demo import ChatLimits, ChatServer
from tests.support.deadline import within_deadline


class Visitor:
    """One client of the chat; messages are text, without their zero byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def connect(cls, host: str, port: int) -> Self:
        return cls(*await asyncio.open_connection(host, port))

    def write(self, data: bytes) -> None:
        self._writer.write(data)

    def tell(self, *messages: str) -> None:
        self.write("".join(f"{message}\0" for message in messages).encode())

    def end(self) -> None:
        """Sends no more, but goes on reading."""
        self._writer.write_eof()

    async def hear(self) -> str:
        """The next message."""
        async with within_deadline("a message"):
            return (await self._reader.readuntil(b"\0"))[:-1].decode()

    async def ask(self, message: str) -> str:
        """Tells one message and returns the next that comes."""
        self.tell(message)
        return await self.hear()

    async def rest(self) -> bytes:
        """All bytes up to the server's close."""
        async with within_deadline("the end of the connection"):
            return await self._reader.read()

    def stop_reading(self) -> None:
        self._writer.transport.pause_reading()  # type: ignore[attr-defined]

    async def leave(self) -> None:
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()


class Chat:
    """A running chat server and all who came to it."""

    def __init__(self, limits: ChatLimits) -> None:
        self.server = ChatServer(limits)
        self.host = "127.0.0.1"
        self.port = 0
        self._visitors: list[Visitor] = []

    async def start(self) -> None:
        self.host, self.port = await self.server.start(self.host, self.port)

    async def connect(self) -> Visitor:
        """Somebody who has heard nothing yet."""
        visitor = await Visitor.connect(self.host, self.port)
        self._visitors.append(visitor)
        return visitor

    async def guest(self) -> Visitor:
        """Somebody who has been welcomed."""
        visitor = await self.connect()
        assert (await visitor.hear()).startswith("<welcome ")
        return visitor

    async def person(self, name: str) -> Visitor:
        """Somebody who has joined."""
        visitor = await self.guest()
        assert await visitor.ask(f'<join name="{name}"/>') == f'<joined name="{name}"/>'
        return visitor

    async def close(self) -> None:
        for visitor in self._visitors:
            await visitor.leave()
        await self.server.stop()


class Chats:
    """Starts chats with limits of the test's choice."""

    def __init__(self) -> None:
        self._chats: list[Chat] = []

    async def start(self, limits: ChatLimits) -> Chat:
        chat = Chat(limits)
        await chat.start()
        self._chats.append(chat)
        return chat

    async def close(self) -> None:
        for chat in self._chats:
            await chat.close()


@pytest.fixture
async def chats() -> AsyncIterator[Chats]:
    chats = Chats()
    yield chats
    await chats.close()


@pytest.fixture
async def chat(chats: Chats) -> Chat:
    """A chat with the default limits that welcomes at once."""
    return await chats.start(ChatLimits(policy_grace_s=0.0))

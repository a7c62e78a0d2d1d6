"""The client of aiohttp."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import aiohttp
from aiohttp import ClientWebSocketResponse, WSMsgType
from yarl import URL

from tests.rfc6455.clients.talker import Closed, Message


class AiohttpTalker:
    """A `Pinging`."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket

    async def send(self, message: Message) -> None:
        """As it is."""
        if isinstance(message, str):
            await self._socket.send_str(message)
        else:
            await self._socket.send_bytes(message)

    async def receive(self) -> Message:
        """As it came."""
        message = await self._socket.receive()
        assert message.type in (WSMsgType.TEXT, WSMsgType.BINARY), message
        data: Message = message.data
        return data

    async def ping(self, payload: bytes) -> bytes:
        """Only for one from `pinging`."""
        await self._socket.ping(payload)
        message = await self._socket.receive()
        assert message.type is WSMsgType.PONG, message
        return bytes(message.data)

    async def close(self, code: int, reason: str) -> None:
        """Waits for the answer, too."""
        await self._socket.close(code=code, message=reason.encode())

    async def closed(self) -> Closed:
        """By its own account; the reason it does not keep."""
        while not self._socket.closed:
            await self._socket.receive()
        assert self._socket.close_code is not None
        return Closed(self._socket.close_code, "")


@asynccontextmanager
async def opened(
    autoping: bool, url: URL, subprotocols: tuple[str, ...]
) -> AsyncIterator[AiohttpTalker]:
    """With its defaults, but that without `autoping` it answers no Pings and shows Pongs."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url, protocols=subprotocols, autoping=autoping) as socket,
    ):
        yield AiohttpTalker(socket)


connected = partial(opened, True)
pinging = partial(opened, False)

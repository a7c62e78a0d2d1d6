"""The listening server: `start`, then `stop`, as often as you like."""

import asyncio

from bridge.demo.connection import Connection, TurnedAway
from bridge.demo.limits import ChatLimits
from bridge.demo.room import Room


class ChatServer:
    """A chat for up to `max_clients` people, in one room."""

    def __init__(self, limits: ChatLimits | None = None) -> None:
        self._limits = limits or ChatLimits()
        self._room = Room(self._limits.max_name_length)
        self._connections: set[Connection] = set()
        self._deserted = asyncio.Event()
        self._deserted.set()
        self._server: asyncio.Server | None = None

    def __repr__(self) -> str:
        state = "CLOSED" if self._server is None else "LISTENING"
        return f"<ChatServer {state} connections={len(self._connections)} {self._room!r}>"

    async def start(self, host: str, port: int) -> tuple[str, int]:
        """Listen, and return the address that was bound: port 0 takes a free one.

        Raises `OSError` if the address cannot be had, `RuntimeError` if the server listens already.
        """
        if self._server is not None:
            raise RuntimeError("the chat server listens already")
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._arrival, host, port)
        bound_host, bound_port, *_ = self._server.sockets[0].getsockname()
        return bound_host, bound_port

    async def stop(self) -> None:
        """Listen no more and close every connection; returns when all are gone. Those that do not
        take their last messages within `stop_s` are cut off. Does nothing if it does not listen."""
        if self._server is None:
            return
        server, self._server = self._server, None
        server.close()
        for connection in self._connections:
            connection.close()
        try:
            async with asyncio.timeout(self._limits.stop_s):
                await self._deserted.wait()
        except TimeoutError:
            for connection in self._connections:
                connection.abort()
            await self._deserted.wait()
        await server.wait_closed()

    def _arrival(self) -> asyncio.Protocol:
        # An accepted connection may still come out of the loop's queue when the server has stopped.
        if self._server is None or len(self._connections) >= self._limits.max_clients:
            return TurnedAway()
        connection = Connection(self._room, self._limits, self._departure)
        self._connections.add(connection)
        self._deserted.clear()
        return connection

    def _departure(self, connection: Connection) -> None:
        self._connections.discard(connection)
        if not self._connections:
            self._deserted.set()

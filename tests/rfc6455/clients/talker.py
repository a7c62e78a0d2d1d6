"""What the tests ask of a client, whoever made it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple, Protocol

from yarl import URL

Message = str | bytes


class Closed(NamedTuple):
    """How the client says that its WebSocket ended."""

    code: int
    reason: str


class Talker(Protocol):
    """A WebSocket that is open. What comes in is read only while a method waits."""

    async def send(self, message: Message) -> None:
        """A string goes in text frames, bytes in binary ones."""
        ...

    async def receive(self) -> Message:
        """The next message."""
        ...

    async def close(self, code: int, reason: str) -> None:
        """Begins the closing handshake."""
        ...

    async def closed(self) -> Closed:
        """How it ended, once it has; messages until then are dropped."""
        ...


class Pinging(Talker, Protocol):
    """One that lets its user send Pings."""

    async def ping(self, payload: bytes) -> bytes:
        """Sends a Ping, and returns what its Pong says."""
        ...


Connect = Callable[[URL, tuple[str, ...]], AbstractAsyncContextManager[Talker]]
"""Opens a WebSocket at an address, offering subprotocols; at the end it vanishes."""
ConnectPinging = Callable[[URL, tuple[str, ...]], AbstractAsyncContextManager[Pinging]]

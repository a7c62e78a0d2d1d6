"""The contract's WebSockets from the client's side."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from tests.support.clients import Client, Headers, Session
from tests.support.daemon import framed
from tests.support.deadline import within_deadline

V1 = "xmlsocket.v1"

Control = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Data:
    """One data frame."""

    messages: list[bytes]
    is_binary: bool


class V1Client:
    """An `xmlsocket.v1` socket after its open frame.

    Frames are read only while a method waits, so `frames` holds no more than a test asked for.
    `ack` is the highest up number the server has acknowledged.
    """

    def __init__(self, socket: ClientConnection, opening: Control) -> None:
        self.socket = socket
        self.opening = opening
        self.ack: int = opening["ack"]
        self.first: int = opening["first"]
        self.frames: list[Data | Control] = []
        self.messages: list[bytes] = []

    @property
    def controls(self) -> list[Control]:
        return [frame for frame in self.frames if isinstance(frame, dict)]

    @property
    def last_number(self) -> int:
        """The number of the last down message that came."""
        return self.first - 1 + len(self.messages)

    async def send(self, *messages: bytes) -> None:
        """Sends one data frame for a daemon whose messages are text."""
        await self.socket.send(framed(messages), text=True)

    async def control(self, **members: object) -> None:
        await self.socket.send(json.dumps(members))

    async def acknowledge(self) -> None:
        await self.control(ack=self.last_number)

    async def received(self, count: int) -> list[bytes]:
        """All messages of this socket, once there are at least `count`."""
        await self._until(lambda: len(self.messages) >= count, f"message {count}")
        return self.messages

    async def acked(self, number: int) -> None:
        await self._until(lambda: self.ack >= number, f"the ack of {number}")

    async def told(self, member: str) -> Any:
        """The value of the first control frame with this member, be it past or to come."""
        await self._until(lambda: self._seen(member) is not None, f"a frame with {member}")
        return self._seen(member)

    async def read_frame(self) -> Data | Control:
        """Reads one frame, whatever it is."""
        async with within_deadline("a frame"):
            frame = await self.socket.recv()
        parsed = _parse(frame)
        self.frames.append(parsed)
        if isinstance(parsed, Data):
            self.messages += parsed.messages
        else:
            self.ack = max(self.ack, parsed.get("ack", 0))
        return parsed

    async def closed(self) -> int:
        """The WebSocket close code, after all frames before it have been read."""
        return await close_code(self.socket, self.read_frame)

    def vanish(self) -> None:
        """Drops the TCP connection without a close frame."""
        self.socket.transport.abort()

    def _seen(self, member: str) -> Any:
        return next((control[member] for control in self.controls if member in control), None)

    async def _until(self, satisfied: Callable[[], bool], what: str) -> None:
        async with within_deadline(what):
            while not satisfied():
                await self.read_frame()


def _parse(frame: str | bytes) -> Data | Control:
    if isinstance(frame, str) and "\0" not in frame:
        control = json.loads(frame)
        assert isinstance(control, dict), frame
        return control
    data = frame.encode() if isinstance(frame, str) else frame
    assert data.endswith(b"\0"), frame
    return Data(data[:-1].split(b"\0"), isinstance(frame, bytes))


async def close_code(socket: ClientConnection, read: Callable[[], Any]) -> int:
    """Reads until the server closes; returns its close code."""
    async with within_deadline("the close frame"):
        try:
            while True:
                await read()
        except ConnectionClosed:
            await socket.wait_closed()
    assert socket.close_code is not None
    return socket.close_code


async def received_until_close(socket: ClientConnection) -> tuple[list[str | bytes], int]:
    """All frames that came before the server's close, and its close code."""
    frames: list[str | bytes] = []

    async def read() -> None:
        frames.append(await socket.recv())

    code = await close_code(socket, read)
    return frames, code


async def open_v1(client: Client, daemon: str = "chat", headers: Headers | None = None) -> V1Client:
    """A socket that opened a session of its own."""
    path = f"v1/daemons/{daemon}/websocket"
    return await _opened(await client.websocket(path, [V1], headers=headers))


async def attach(session: Session, ack: int | None = None) -> V1Client:
    """A socket attached to the session; the key goes as a subprotocol."""
    path, offered = f"{session.path}/websocket", [V1, f"key.{session.key}"]
    return await _opened(await session.client.websocket(path, offered, {"ack": ack}))


async def open_plain(client: Client, daemon: str = "chat") -> ClientConnection:
    return await client.websocket(f"v1/daemons/{daemon}/websocket")


async def open_raw(client: Client, daemon: str = "blob") -> ClientConnection:
    return await client.websocket(f"v1/daemons/{daemon}/raw")


def session_of(client: Client, socket: V1Client) -> Session:
    """The session that the socket belongs to."""
    opened = socket.opening["open"]
    return Session(client, opened["id"], opened["key"])


async def _opened(socket: ClientConnection) -> V1Client:
    async with within_deadline("the open frame"):
        opening = _parse(await socket.recv())
    assert isinstance(opening, dict), opening
    assert "open" in opening, opening
    return V1Client(socket, opening)

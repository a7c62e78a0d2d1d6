"""Carries a session over one WebSocket, in the subprotocol `xmlsocket.v1`."""

import asyncio
from contextlib import suppress

import aiohttp

from bridge.client.carried import Carried, Wish, first_outcome
from bridge.client.endpoint import tellable
from bridge.client.errors import Garbled
from bridge.client.outcome import LEFT, Lost, Outcome
from bridge.client.session import Session
from bridge.client.v1 import CLOSE, Frame, OpenFrame, V1Connection

Socket = aiohttp.ClientWebSocketResponse


async def carry_by_websocket(carried: Carried, session: Session | None) -> Outcome:
    """Until the socket breaks or is left, or the session ends; `None` opens a session. Cancelled
    once it is open, it leaves the session as it is. Raises `Missing`."""
    worked = False
    try:
        async with carried.endpoint.websocket(session) as socket:
            opened = await opening(carried, socket, is_new=session is None)
            session = session or carried.adopt(opened.opening)
            carrier = SocketCarrier(carried, session, socket, opened)
            worked = True
            return await first_outcome(carrier.receive(), carrier.send())
    except (aiohttp.ClientError, OSError, TimeoutError, Garbled) as error:
        return Lost(worked, cause=tellable(error))


async def opening(carried: Carried, socket: Socket, *, is_new: bool) -> OpenFrame:
    """The first frame. Raises `Garbled` for what is none, `TimeoutError` when it does not come: a
    session that was opened all the same is ended, or the daemon would see a second client for as
    long as it could be resumed."""
    try:
        async with asyncio.timeout(carried.options.open_timeout_s):
            return OpenFrame.read(frame_of(await socket.receive()) or "")
    except BaseException:
        if is_new and not socket.closed:
            with suppress(aiohttp.ClientError, OSError):
                await socket.send_str(CLOSE)
        raise


class SocketCarrier:
    """One socket in use."""

    def __init__(
        self, carried: Carried, session: Session, socket: Socket, opened: OpenFrame
    ) -> None:
        self._carried = carried
        self._socket = socket
        self._silence_s = 2 * session.opening.heartbeat_s
        self._connection = V1Connection(session, opened, is_text=carried.options.is_text)
        self._loop = asyncio.get_running_loop()
        carried.works("websocket")

    async def receive(self) -> Outcome:
        """Frames until the end, a break, or a silence: the bridge says something every
        `heartbeat_s`. Raises `Garbled` or `Missing`."""
        while self._connection.end is None:
            try:
                async with asyncio.timeout(self._silence_s):
                    frame = frame_of(await self._socket.receive())
            except TimeoutError:
                return Lost(worked=True)
            if frame is None:
                return Lost(worked=True)
            self._take(frame)
        return self._connection.end

    async def send(self) -> Outcome:
        """Messages and acknowledgements as they are due, until the socket breaks or is left."""
        while self._carried.wish is not Wish.LEAVE:
            if self._carried.wish is Wish.END:
                self._connection.hang_up()
            frames = self._connection.frames(self._loop.time())
            for frame in frames:
                await self._write(frame)
            if not frames:
                await self._carried.changes.next(self._connection.due_in_s(self._loop.time()))
        return LEFT

    def _take(self, frame: Frame) -> None:
        self._carried.heard()
        for refusal in self._connection.receive(frame):
            self._carried.refused(refusal)
        self._carried.changes.notify()

    async def _write(self, frame: Frame) -> None:
        if isinstance(frame, str):
            await self._socket.send_str(frame)
        else:
            await self._socket.send_bytes(frame)


def frame_of(message: aiohttp.WSMessage) -> Frame | None:
    """What a data frame holds; `None` when the socket is closed or broken."""
    if message.type in {aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY}:
        assert isinstance(message.data, str | bytes)
        return message.data
    return None

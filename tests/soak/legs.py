"""The transports that a client which can resume takes turns with.

A leg runs until its connection breaks, the session has ended, or whoever started it cancels it in
the middle of things: with a poll in the air, a stream half read, a socket full of messages.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

import aiohttp
from websockets.asyncio.client import ClientConnection

from tests.soak.client import HEARTBEAT_S, PATIENCE_S, WAIT_S, WINDOW_BYTES, ResumingClient
from tests.soak.plan import Leg
from tests.soak.sockets import connected
from tests.support.daemon import framed
from tests.support.deadline import Changes
from tests.support.event_stream import EventStream
from tests.support.sockets import V1

SILENCE_S: Final = 2 * HEARTBEAT_S
ACK_BYTES: Final = 50_000


async def long_poll(client: ResumingClient) -> None:
    """A receive is always waiting, sends go beside it."""

    async def receive() -> None:
        while await client.request("GET", {"ack": len(client.got), "wait": WAIT_S}):
            pass

    await first_to_break(receive(), send_all(client))


async def combined(client: ResumingClient) -> None:
    """Sends and receives in one request."""
    while await client.post(WAIT_S):
        pass


async def event_stream(client: ResumingClient) -> None:
    """An EventSource that acknowledges by coming back, or by a POST now and then."""

    async def come_back() -> None:
        while await client.ask():
            try:
                await read_events(client)
            except (aiohttp.ClientError, OSError):
                return

    await first_to_break(come_back(), send_all(client))


async def read_events(client: ResumingClient) -> None:
    """One stream, to its end."""
    assert client.session is not None
    path, headers = f"{client.session.path}/events", {"Last-Event-ID": str(len(client.got))}
    async with client.http.streamed(
        "GET", path, headers=client.session.with_key(headers)
    ) as response:
        stream = EventStream(response)
        while response.status == 200 and (event := await stream.next()) and event.name == "message":
            assert event.number is not None
            client.take(event.number, [event.data.encode()])
            if event.number % 40 == 0:
                await client.request("POST", {"ack": event.number})


async def websocket(client: ResumingClient) -> None:
    """`xmlsocket.v1` on the session that there is."""
    assert client.session is not None
    path = f"{client.session.path}/websocket"
    offered = [V1, f"key.{client.session.key}"]
    async with connected(client.http, path, offered, {"ack": str(len(client.got))}) as socket:
        if socket is not None:
            await Link(client, socket).run()


async def idle(client: ResumingClient) -> None:
    """The client is away."""
    await asyncio.sleep(PATIENCE_S)


LEGS: Final[dict[Leg, Callable[[ResumingClient], Awaitable[None]]]] = {
    "long-poll": long_poll,
    "combined": combined,
    "event-stream": event_stream,
    "websocket": websocket,
    "idle": idle,
}


async def open_by_socket(client: ResumingClient) -> None:
    """`xmlsocket.v1` on a session of its own."""
    path = f"v1/daemons/{client.daemon_name}/websocket"
    async with connected(client.http, path, [V1]) as socket:
        if socket is not None:
            await Link(client, socket).run()


async def first_to_break(*legs: Awaitable[None]) -> None:
    """Runs them beside each other until one returns."""
    tasks = [asyncio.ensure_future(leg) for leg in legs]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


async def send_all(client: ResumingClient) -> None:
    """Posts all that there is, then looks on."""
    while client.acked < client.part.up:
        if not await client.post():
            return
    await asyncio.Event().wait()


class Link:
    """One socket in use: it keeps to the window, acknowledges, and gives up a silent line."""

    def __init__(self, client: ResumingClient, socket: ClientConnection) -> None:
        self._client = client
        self._socket = socket
        self._next = 0
        self._sent = 0
        self._unacked_bytes = 0
        self._changes = Changes()

    async def run(self) -> None:
        """Until the session's end, or until something breaks."""
        await self._open(await self._read())
        await first_to_break(self._receive(), self._send())

    async def _read(self) -> str | bytes:
        async with asyncio.timeout(SILENCE_S):
            return await self._socket.recv()

    async def _open(self, frame: str | bytes) -> None:
        opening = json.loads(frame)
        if self._client.session is None:
            self._client.adopt(opening["open"]["id"], opening["open"]["key"])
        self._client.accepted(opening["ack"])
        self._next, self._sent = opening["first"], opening["ack"]

    async def _receive(self) -> None:
        while self._client.end is None:
            frame = await self._read()
            if isinstance(frame, str) and "\0" not in frame:
                self._control(json.loads(frame))
            else:
                await self._data(frame.encode() if isinstance(frame, str) else frame)
            self._changes.notify()

    def _control(self, control: dict[str, Any]) -> None:
        client = self._client
        client.heard()
        if "reject" in control:
            client.reject(control["reject"]["message"])
        if "ack" in control:
            client.accepted(control["ack"])
        if "close" in control:
            client.end = control["close"]["code"]

    async def _data(self, data: bytes) -> None:
        messages = data[:-1].split(b"\0")
        self._client.take(self._next, messages)
        self._next += len(messages)
        self._unacked_bytes += len(data)
        if self._unacked_bytes >= ACK_BYTES or self._client.rng.random() < 0.2:
            self._unacked_bytes = 0
            await self._socket.send(json.dumps({"ack": len(self._client.got)}))

    async def _send(self) -> None:
        client = self._client
        while self._sent < client.part.up:
            await self._changes.until(lambda: bool(self._sendable()), "room in the window")
            messages = self._sendable()
            self._sent += len(messages)
            client.sent(self._sent)
            await self._socket.send(framed(messages), text=client.is_text)
        await asyncio.Event().wait()

    def _sendable(self) -> list[bytes]:
        """What fits into the window, or one longer message alone."""
        client = self._client
        in_flight = len(framed(client.up[client.acked : self._sent]))
        messages = client.batch(self._sent, WINDOW_BYTES - in_flight)
        fits = in_flight + len(framed(messages)) <= WINDOW_BYTES
        return messages if fits or not in_flight else []

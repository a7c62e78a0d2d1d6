"""Clients that cannot resume: what crosses is a beginning of what there was, and all of it where
nothing broke."""

import asyncio
from contextlib import suppress
from typing import Final

import aiohttp
from websockets.asyncio.client import ClientConnection

from tests.soak.author import Author, Ledger
from tests.soak.legs import first_to_break
from tests.soak.plan import Bound, Plan
from tests.soak.sockets import connected
from tests.support.clients import Client
from tests.support.daemon import framed

PATIENCE_S: Final = 3.0
NORMAL: Final = 1000


class BoundClient:
    """One connection, or one exchange. `sent` and `got` are its logs; `is_whole` says that it came
    to its end in peace."""

    def __init__(self, plan: Plan, kind: Bound, index: int, http: Client, name: str) -> None:
        self.kind = kind
        self.name = f"b{plan.seed}.{index}"
        self.sent = Ledger()
        self.got = Ledger()
        self.is_whole = False
        self._http = http
        self._daemon_name = name
        author = Author(self.name, plan.kind)
        self._up = [author.message(number) for number in range(1, plan.bound_up + 1)]
        self._is_text = plan.kind != "bytes"
        part = plan.daemon
        self._expected = part.flood + (len(self._up) if part.echoes else 0)

    def __repr__(self) -> str:
        return (
            f"<BoundClient {self.kind} {self.name} whole={self.is_whole} "
            f"sent={self.sent!r} got={self.got!r}>"
        )

    async def run(self) -> None:
        """Returns when it is over, in whatever way."""
        with suppress(aiohttp.ClientError, OSError, TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                await self._exchange() if self.kind == "exchange" else await self._socket()

    async def _exchange(self) -> None:
        for message in self._up:
            self.sent.add(message)
        path = f"v1/daemons/{self._daemon_name}/exchange"
        query = {"replies": self._expected, "timeout": 2}
        async with self._http.streamed("POST", path, query, body=framed(self._up)) as response:
            body = await response.read()
        if response.status == 200:
            for message in body[:-1].split(b"\0") if body else []:
                self.got.add(message)
            self.is_whole = response.headers["XMLSocket-End"] == "replies"

    async def _socket(self) -> None:
        path = "websocket" if self.kind == "plain" else "raw"
        async with connected(self._http, f"v1/daemons/{self._daemon_name}/{path}") as socket:
            if socket is None:
                return
            await first_to_break(self._receive(socket), self._send(socket))
            await socket.close()
            self.is_whole = len(self.got) == self._expected and socket.close_code == NORMAL

    async def _send(self, socket: ClientConnection) -> None:
        for message in self._up:
            self.sent.add(message)
            if self.kind == "raw":
                await socket.send(message + b"\0")
            else:
                await socket.send(message, text=self._is_text)
        await asyncio.Event().wait()

    async def _receive(self, socket: ClientConnection) -> None:
        stream = b""
        while len(self.got) < self._expected:
            frame = await socket.recv()
            data = frame.encode() if isinstance(frame, str) else frame
            *messages, stream = (stream + data + b"\0" * (self.kind == "plain")).split(b"\0")
            for message in messages:
                self.got.add(message)

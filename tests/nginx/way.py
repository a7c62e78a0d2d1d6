"""The two ways through nginx, in the clear and over TLS, with all that a test does on each."""

import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.nginx.curl import Curl
from tests.support.answers import Answer
from tests.support.deadline import within_deadline
from tests.support.nginx import RunningNginx
from tests.support.sockets import V1, V1Client


@dataclass(frozen=True, slots=True)
class Way:
    """HTTP goes by `http`, WebSockets with `tls` (None: in the clear)."""

    http: Curl
    tls: ssl.SSLContext | None

    async def open(self) -> "Session":
        answer = await self.http.post("/v1/daemons/demo/sessions")
        assert answer.status == 201, answer
        return Session(self, answer.json()["id"], answer.json()["key"])

    @asynccontextmanager
    async def websocket(
        self, path: str, *subprotocols: str, origin: str | None = None
    ) -> AsyncIterator[ClientConnection]:
        async with (
            within_deadline(f"the handshake of {path}"),
            connect(
                self.http.origin.replace("http", "ws", 1) + path,
                ssl=self.tls,
                proxy=None,
                origin=Origin(origin) if origin else None,
                subprotocols=[Subprotocol(name) for name in subprotocols] or None,
            ) as websocket,
        ):
            yield websocket

    @asynccontextmanager
    async def resumable(self, path: str, *subprotocols: str) -> AsyncIterator[V1Client]:
        """An `xmlsocket.v1` socket after its open frame."""
        async with self.websocket(path, V1, *subprotocols) as websocket:
            assert websocket.subprotocol == V1
            opening = json.loads(await websocket.recv())
            yield V1Client(websocket, opening)


@dataclass(frozen=True, slots=True)
class Session:
    way: Way
    id: str
    key: str

    @property
    def path(self) -> str:
        return f"/v1/sessions/{self.id}"

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    async def receive(self, query: str) -> Answer:
        return await self.way.http.get(f"{self.path}/messages?{query}", self.bearer)

    async def send(self, query: str, body: bytes) -> Answer:
        return await self.way.http.post(f"{self.path}/messages?{query}", body, self.bearer)


def plain_way(nginx: RunningNginx) -> Way:
    return Way(Curl(f"http://127.0.0.1:{nginx.plain_port}", "1.1"), None)


def tls_way(nginx: RunningNginx) -> Way:
    origin = f"https://127.0.0.1:{nginx.tls_port}"
    return Way(Curl(origin, "2", str(nginx.certificate)), nginx.tls_context)

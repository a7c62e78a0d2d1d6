"""The contract's HTTP requests, one method each, with nothing done on the quiet.

`Client` speaks to one bridge, `Session` for one of its sessions. Whatever is given as `None` is
left out of the request.
"""

import asyncio
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Self
from urllib.parse import urlencode

import aiohttp
from multidict import CIMultiDict
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol
from yarl import URL

from tests.support.answers import Answer
from tests.support.daemon import framed
from tests.support.deadline import within_deadline
from tests.support.event_stream import Event, EventStream

Headers = Mapping[str, str]
Query = Mapping[str, str | float | None] | str | None

# The wait of a poll that is to be answered by a message: the most a bridge of the tests allows.
PATIENTLY_S = 10
JSON = "application/json"


class Client:
    """A client of the bridge at `url` (which ends with the base path); where that says nothing of
    the way there, a `connector` does."""

    def __init__(self, url: str, connector: aiohttp.BaseConnector | None = None) -> None:
        self.url = url
        self._connector = connector
        self._stack = AsyncExitStack()
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = self._connector or aiohttp.TCPConnector(limit=0)
        http = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        self._http = await self._stack.enter_async_context(http)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def address(self, path: str, query: Query = None) -> URL:
        """The URL of a path below the base; a query given as a string goes out as it stands."""
        if isinstance(query, Mapping):
            query = urlencode({name: value for name, value in query.items() if value is not None})
        return URL(self.url + path + (f"?{query}" if query else ""), encoded=True)

    async def request(
        self,
        method: str,
        path: str,
        query: Query = None,
        headers: Headers | None = None,
        body: bytes | AsyncIterator[bytes] | None = None,
    ) -> Answer:
        async with (
            within_deadline(f"the answer to {method} {path}"),
            self.streamed(method, path, query, headers, body) as response,
        ):
            body_read = await response.read()
            return Answer(response.status, CIMultiDict(response.headers), body_read)

    @asynccontextmanager
    async def streamed(
        self,
        method: str,
        path: str,
        query: Query = None,
        headers: Headers | None = None,
        body: bytes | AsyncIterator[bytes] | None = None,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Like `request`, for a body that the caller reads as it comes."""
        assert self._http is not None
        # aiohttp warns of long bodies given as bytes.
        data = io.BytesIO(body) if isinstance(body, bytes) else body
        async with self._http.request(
            method, self.address(path, query), headers=headers, data=data, allow_redirects=False
        ) as response:
            yield response

    async def post_open(self, daemon: str = "chat", headers: Headers | None = None) -> Answer:
        """Asks for a session; `daemon` goes into the path as it stands."""
        return await self.request("POST", f"v1/daemons/{daemon}/sessions", headers=headers)

    async def open(self, daemon: str = "chat", headers: Headers | None = None) -> "Session":
        answer = await self.post_open(daemon, headers)
        assert answer.status == 201, answer
        opened = answer.json()
        return Session(self, opened["id"], opened["key"])

    async def exchange(
        self,
        *messages: bytes,
        replies: int = 1,
        timeout_s: float = PATIENTLY_S,
        daemon: str = "chat",
    ) -> Answer:
        return await self.post_exchange(framed(messages), replies, timeout_s, daemon)

    async def post_exchange(
        self,
        body: bytes,
        replies: int = 1,
        timeout_s: float = PATIENTLY_S,
        daemon: str = "chat",
        headers: Headers | None = None,
    ) -> Answer:
        query = {"replies": replies, "timeout": timeout_s}
        return await self.request("POST", f"v1/daemons/{daemon}/exchange", query, headers, body)

    async def websocket(
        self,
        path: str,
        subprotocols: Sequence[str] = (),
        query: Query = None,
        headers: Headers | None = None,
        compression: str | None = None,
    ) -> ClientConnection:
        """A WebSocket below the base path, closed with this client."""
        async with within_deadline(f"the WebSocket {path}"):
            return await self._stack.enter_async_context(
                connect(
                    str(self.address(path, query).with_scheme("ws")),
                    subprotocols=[Subprotocol(name) for name in subprotocols] or None,
                    additional_headers=headers,
                    compression=compression,
                    proxy=None,
                    max_size=None,
                    ping_interval=None,
                    close_timeout=1,
                )
            )

    async def handshake(
        self,
        path: str,
        subprotocols: Sequence[str] = (),
        query: Query = None,
        headers: Headers | None = None,
    ) -> Answer:
        """The answer to a WebSocket handshake that is to be refused; `headers` overrule."""
        upgrade = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        }
        if subprotocols:
            upgrade["Sec-WebSocket-Protocol"] = ", ".join(subprotocols)
        return await self.request("GET", path, query, {**upgrade, **(headers or {})})


class Session:
    """One session and its key."""

    def __init__(self, client: Client, session_id: str, key: str) -> None:
        self.client = client
        self.id = session_id
        self.key = key
        self.path = f"v1/sessions/{session_id}"
        self.messages_path = f"{self.path}/messages"

    def with_key(self, headers: Headers | None = None) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}", **(headers or {})}

    async def receive(
        self,
        ack: int | None = None,
        wait: float | None = None,
        headers: Headers | None = None,
    ) -> Answer:
        query = {"ack": ack, "wait": wait}
        return await self.client.request("GET", self.messages_path, query, self.with_key(headers))

    async def send(
        self,
        *messages: bytes,
        first: int | None = None,
        ack: int | None = None,
        wait: float | None = None,
    ) -> Answer:
        return await self.post(framed(messages), {"first": first, "ack": ack, "wait": wait})

    async def post(
        self,
        body: bytes | AsyncIterator[bytes],
        query: Query = None,
        headers: Headers | None = None,
    ) -> Answer:
        """Sends a body as it stands."""
        path, headers = self.messages_path, self.with_key(headers)
        return await self.client.request("POST", path, query, headers, body)

    async def post_json(self, text: str, query: Query = None) -> Answer:
        return await self.post(text.encode(), query, {"Content-Type": JSON})

    async def delete(self) -> Answer:
        return await self.client.request("DELETE", self.path, headers=self.with_key())

    @asynccontextmanager
    async def events(
        self, ack: int | None = None, last_event_id: int | None = None
    ) -> AsyncIterator[EventStream]:
        headers = {} if last_event_id is None else {"Last-Event-ID": str(last_event_id)}
        path = f"{self.path}/events"
        async with self.client.streamed(
            "GET", path, {"ack": ack}, self.with_key(headers)
        ) as response:
            assert response.status == 200, await response.read()
            yield EventStream(response)

    async def follow(self, ack: int | None = None) -> list[Event]:
        """All events to the end of the session, the last being `close`; acknowledges nothing."""
        events: list[Event] = []
        async with self.events(ack) as stream:
            while not events or events[-1].name == "message":
                event = await stream.next()
                assert event is not None, "the stream ended without telling why"
                events.append(event)
        assert events[-1].name == "close", events[-1]
        return events

    async def peek(self, count: int, ack: int = 0) -> list[bytes]:
        """The `count` messages after `ack`, acknowledging none of them."""
        async with within_deadline(f"{count} messages"):
            while True:
                answer = await self.receive(ack, PATIENTLY_S)
                if len(answer.messages) >= count:
                    return answer.messages

    async def collect(self, count: int, ack: int = 0) -> list[bytes]:
        """The `count` messages after `ack`, acknowledging on the way all but the last batch."""
        messages: list[bytes] = []
        async with within_deadline(f"{count} messages"):
            while len(messages) < count:
                answer = await self.receive(ack + len(messages), PATIENTLY_S)
                assert answer.first == ack + len(messages) + 1
                messages += answer.messages
        return messages

    async def drain(self, ack: int = 0) -> tuple[list[bytes], Answer]:
        """All messages after `ack`, and the answer that was no 200 any more."""
        messages: list[bytes] = []
        async with within_deadline("the end of the session"):
            while (answer := await self.receive(ack + len(messages), PATIENTLY_S)).status == 200:
                messages += answer.messages
        return messages, answer

    async def ended(self, ack: int = 0) -> str:
        """The close code, once the session has ended with nothing left to receive."""
        messages, answer = await self.drain(ack)
        assert messages == []
        code = answer.problem(410)["code"]
        assert isinstance(code, str)
        return code

    async def park(self, ack: int | None = None) -> "asyncio.Task[Answer]":
        """A poll that is known to wait at the bridge: it has displaced another one."""
        polls = [asyncio.ensure_future(self.receive(ack, PATIENTLY_S)) for _ in range(2)]
        done, waiting = await asyncio.wait(polls, return_when=asyncio.FIRST_COMPLETED)
        (displaced,), (parked,) = done, waiting
        displaced.result().problem(409, "displaced")
        return parked


def percent_encoded(name: str) -> str:
    """The name with each of its bytes percent-encoded, those that need it and those that do not."""
    return "".join(f"%{byte:02X}" for byte in name.encode())

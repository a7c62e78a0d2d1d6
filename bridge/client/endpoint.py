"""The bridge's addresses, and its requests, by aiohttp."""

import asyncio
import io
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final, Self
from urllib.parse import quote, urlsplit

import aiohttp

from bridge.client.options import Options
from bridge.client.reply import Reply, read_reply
from bridge.client.session import Session
from bridge.doctor.obstacle import in_words
from bridge.protocol.bodies import XMLSOCKET
from bridge.protocol.down_log import Batch
from bridge.protocol.handshake import KEY_PREFIX, V1

OPEN_LIMIT_S: Final = 20.0
"""Flash Player's default for a connection, and more than a bridge gives its daemon."""
SLACK_S: Final = 10.0
"""On top of the time a request may be held: a slow mobile network's round trips."""
SLACKS_TO_RESUME: Final = 6
"""So often may a request get stuck before the bridge gives a session up."""
SLOWEST_BYTES_PER_S: Final = 4096
"""An old modem's; a body that takes longer than it would is given up."""
MAX_ANSWER_BYTES: Final = 1 << 26
"""64 times what a bridge holds for one session with its default limits."""
CLOSE_S: Final = 0.2
"""A WebSocket's answer to our close frame is good for nothing: the session lives elsewhere."""


class Endpoint:
    """Where the bridge is; `daemon` is a configured name or an alias. Requests never raise: no
    answer, for whatever reason, is a reply with its `error`. To be entered as a context."""

    def __init__(self, url: str, daemon: str, options: Options) -> None:
        """Raises `ValueError` for a URL that is none of http or https."""
        if urlsplit(url).scheme not in {"http", "https"}:
            raise ValueError(f"the bridge's URL begins with http:// or https://, not {url!r}")
        self._base: Final = url if url.endswith("/") else f"{url}/"
        self._daemon_url: Final = f"{self._base}v1/daemons/{quote(daemon, safe='')}"
        self._options: Final = options
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        options = self._options
        connector = aiohttp.TCPConnector(ssl=options.ssl if options.ssl is not None else True)
        http = aiohttp.ClientSession(
            connector=connector,
            proxy=options.proxy,
            trust_env=options.trust_env,
            headers=options.headers,
            # Every wait has a limit of its own.
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=OPEN_LIMIT_S),
        )
        self._http = await self._stack.enter_async_context(http)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def open(self) -> Reply:
        """Open a session."""
        return await self._request(
            "POST", f"{self._daemon_url}/sessions", OPEN_LIMIT_S, self._token
        )

    async def receive(self, session: Session, wait_s: float) -> Reply:
        """Acknowledge what was received, and wait for more."""
        url = f"{self._messages_url(session)}?ack={session.ack}&wait={wait_s:g}"
        headers = {**with_key(session), "Accept": XMLSOCKET}
        return await self._request("GET", url, wait_s + slack_s(session), headers)

    async def send(self, session: Session, batch: Batch | None) -> Reply:
        """Send messages, and acknowledge; without messages only the latter."""
        first = "" if batch is None else f"&first={batch.first}"
        url = f"{self._messages_url(session)}?ack={session.ack}{first}"
        headers = {**with_key(session), "Content-Type": XMLSOCKET}
        body = b"" if batch is None else batch.data
        # The bridge may hold the answer while the daemon does not read.
        limit_s = session.opening.wait_s + slack_s(session) + len(body) / SLOWEST_BYTES_PER_S
        return await self._request("POST", url, limit_s, headers, body)

    async def end(self, session: Session) -> Reply:
        """End the session."""
        return await self._request(
            "DELETE", self._session_url(session), slack_s(session), with_key(session)
        )

    @asynccontextmanager
    async def events(self, session: Session) -> AsyncIterator[aiohttp.ClientResponse]:
        """The answer to a request for the event stream behind what was received. Raises
        `aiohttp.ClientError` or `OSError`."""
        headers = {
            **with_key(session),
            "Accept": "text/event-stream",
            "Last-Event-ID": str(session.ack),
        }
        url = f"{self._session_url(session)}/events"
        async with self._http.get(url, headers=headers, allow_redirects=False) as response:
            yield response

    @asynccontextmanager
    async def websocket(
        self, session: Session | None
    ) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """A socket of `xmlsocket.v1`, on this session or one of its own. Raises
        `aiohttp.ClientError` or `OSError`."""
        if session is None:
            url, offered, headers = f"{self._daemon_url}/websocket", [V1], self._token
        else:
            url = f"{self._session_url(session)}/websocket?ack={session.ack}"
            offered, headers = [V1, f"{KEY_PREFIX}{session.opening.key}"], {}
        async with self._http.ws_connect(
            url,
            protocols=offered,
            headers=headers,
            max_msg_size=MAX_ANSWER_BYTES,
            timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_S),
        ) as socket:
            yield socket

    @property
    def _token(self) -> dict[str, str]:
        token = self._options.token
        return {} if token is None else {"Authorization": f"Bearer {token}"}

    def _session_url(self, session: Session) -> str:
        return f"{self._base}v1/sessions/{quote(session.opening.id, safe='')}"

    def _messages_url(self, session: Session) -> str:
        return f"{self._session_url(session)}/messages"

    async def _request(
        self, method: str, url: str, limit_s: float, headers: Mapping[str, str], body: bytes = b""
    ) -> Reply:
        # Not as bytes: aiohttp would write a large body in one go, and warns of it.
        data = io.BytesIO(body) if body else None
        try:
            async with (
                asyncio.timeout(limit_s) as limit,
                self._http.request(
                    method, url, headers=headers, data=data, allow_redirects=False
                ) as response,
            ):
                content = await read(response, limit)
                return read_reply(response.status, response.headers, content)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return Reply(error=tellable(error))


async def read(response: aiohttp.ClientResponse, limit: asyncio.Timeout) -> bytes:
    """The whole body, which may take its time as long as something comes. Raises
    `aiohttp.ClientError` when it is cut short, or longer than any bridge's."""
    loop = asyncio.get_running_loop()
    pieces = bytearray()
    async for piece in response.content.iter_any():
        pieces += piece
        if len(pieces) > MAX_ANSWER_BYTES:
            raise aiohttp.ClientPayloadError("an answer without an end")
        limit.reschedule(loop.time() + SLACK_S)
    return bytes(pieces)


def tellable(error: Exception) -> Exception:
    """The error, or another in its place where it holds the URL of a proxy, password included."""
    is_of_answer = isinstance(error, aiohttp.ClientResponseError)
    return aiohttp.ClientError(in_words(error)) if is_of_answer else error


def with_key(session: Session) -> dict[str, str]:
    """The key has a header of its own: `Authorization` may be taken by whoever stands in front of
    the bridge."""
    return {"XMLSocket-Key": session.opening.key}


def slack_s(session: Session) -> float:
    """How long a request may be late."""
    return min(SLACK_S, session.opening.resume_s / SLACKS_TO_RESUME)

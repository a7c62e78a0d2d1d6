"""The examinations, each against what bridge/http/doctor.py serves for it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from itertools import pairwise
from statistics import fmean, median
from typing import Any, Final, Self

import aiohttp

from bridge.doctor.finding import Finding
from bridge.doctor.obstacle import OF_ANOTHER, in_words
from bridge.doctor.stream import Piece, judged

PATIENCE_S: Final = 5.0
"""A client gives a WebSocket so long to pass something."""
STREAM_S: Final = 20.0
ROUND_TRIPS: Final = 20
SHORT: Final = b"<ping/>"
LONG_BYTES: Final = 1 << 15
MAX_QUIET_S: Final = 300.0
"""No bridge is silent for longer."""

FAILURES: Final = (aiohttp.ClientError, TimeoutError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the bridge says of itself: its version, and seconds."""

    version: str
    heartbeat_s: float
    wait_s: float
    max_quiet_s: float

    @classmethod
    def read(cls, told: Any) -> Self:
        """Raises `ValueError` for what no bridge says."""
        try:
            version, *seconds = (told[each.name] for each in fields(cls))
            return cls(str(version), *map(float, seconds))
        except (LookupError, TypeError) as error:
            raise ValueError(OF_ANOTHER) from error


class Examination:
    """Of the way to the bridge at `url`, which ends with a slash."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = f"{url}v1/doctor"

    async def run(self, quiet_s: float) -> AsyncIterator[Finding]:
        """One finding after the other. With `quiet_s` above 0 it ends with as many seconds of
        silence, at most as many as the bridge allows."""
        try:
            terms = await self._terms()
        except FAILURES as error:
            yield Finding("terms", "fails", {"detail": in_words(error)})
            return
        yield Finding("terms", "works", {"version": terms.version})
        yield await self._requests()
        websocket = await self._websocket()
        yield websocket
        yield await self._stream()
        if quiet_s > 0:
            quiet_s = min(quiet_s, terms.max_quiet_s)
            async for finding in self._quiet(quiet_s, terms, with_websocket=websocket.works):
                yield finding

    async def _terms(self) -> Terms:
        async with self._in_time(), self._http.get(self._url) as response:
            response.raise_for_status()
            return Terms.read(await response.json())

    async def _requests(self) -> Finding:
        async def trip() -> None:
            async with self._http.post(f"{self._url}/echo", data=SHORT) as response:
                response.raise_for_status()
                if await response.read() != SHORT:
                    raise ValueError("the answer is not what was sent")

        try:
            return Finding("http", "works", await trips(trip))
        except FAILURES as error:
            return Finding("http", "fails", {"detail": in_words(error)})

    async def _websocket(self) -> Finding:
        try:
            async with self._in_time():
                socket = await self._open()
        except FAILURES as error:
            return Finding("websocket", "refused", {"detail": in_words(error)})
        async with socket:
            try:
                figures = await trips(lambda: self._say(socket, SHORT))
            except FAILURES:
                return Finding("websocket", "stalls")
            try:
                async with self._in_time():
                    await self._say(socket, bytes(LONG_BYTES))
            except FAILURES:
                return Finding("websocket", "breaks", {"bytes": LONG_BYTES})
        return Finding("websocket", "works", figures)

    async def _open(self) -> aiohttp.ClientWebSocketResponse:
        closing = aiohttp.ClientWSTimeout(ws_close=PATIENCE_S)
        return await self._http.ws_connect(f"{self._url}/websocket", timeout=closing)

    async def _say(self, socket: aiohttp.ClientWebSocketResponse, message: bytes) -> None:
        await socket.send_bytes(message)
        if (await socket.receive()).data != message:
            raise ValueError("the echo is not what was sent")

    async def _stream(self) -> Finding:
        pieces: list[Piece] = []
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(STREAM_S), self._http.get(f"{self._url}/stream") as response:
                response.raise_for_status()
                position = 0
                async for line in response.content:
                    position += len(line)
                    if line.startswith(b"data: "):
                        after_ms = json.loads(line.removeprefix(b"data: "))["after_ms"]
                        pieces.append(Piece(position, after_ms, loop.time() * 1000))
        except FAILURES as error:
            return Finding("stream", "fails", {"detail": in_words(error)})
        return judged(pieces)

    async def _quiet(
        self, quiet_s: float, terms: Terms, *, with_websocket: bool
    ) -> AsyncIterator[Finding]:
        silences = [survived(self._quiet_request, quiet_s)]
        if with_websocket:
            silences.append(survived(self._quiet_socket, quiet_s))
        request_s, *sockets_s = await asyncio.gather(*silences)
        for socket_s in sockets_s:
            if socket_s is not None:
                yield cut("websocket", socket_s, heartbeat_s=terms.heartbeat_s)
        if request_s is not None:
            yield cut("http", request_s, wait_s=terms.wait_s)
        if request_s is None and set(sockets_s) <= {None}:
            yield Finding("quiet", "works", {"seconds": round(quiet_s)})

    async def _quiet_request(self, quiet_s: float) -> None:
        async with self._http.get(f"{self._url}/quiet?s={quiet_s}") as response:
            response.raise_for_status()
            await response.read()

    async def _quiet_socket(self, quiet_s: float) -> None:
        async with await self._open() as socket:
            try:
                await socket.receive(timeout=quiet_s)
            except TimeoutError:
                async with self._in_time():
                    await self._say(socket, SHORT)
                return
            raise ValueError("it was closed")

    def _in_time(self) -> asyncio.Timeout:
        return asyncio.timeout(PATIENCE_S)


@asynccontextmanager
async def examination(url: str) -> AsyncIterator[Examination]:
    """Of the way to the bridge at this URL, which ends with a slash, by the proxies that the
    environment names."""
    async with aiohttp.ClientSession(trust_env=True) as http:
        yield Examination(http, url)


async def trips(trip: Callable[[], Awaitable[None]]) -> dict[str, float | str]:
    """How long round trips take, and how much one differs from the next. Raises what `trip` does,
    `TimeoutError` for one that takes too long."""
    loop = asyncio.get_running_loop()
    took_ms: list[float] = []
    for _ in range(ROUND_TRIPS):
        began_at = loop.time()
        async with asyncio.timeout(PATIENCE_S):
            await trip()
        took_ms.append((loop.time() - began_at) * 1000)
    differences = [abs(one - other) for one, other in pairwise(took_ms)]
    return {"median_ms": round(median(took_ms), 1), "jitter_ms": round(fmean(differences), 1)}


async def survived(silence: Callable[[float], Awaitable[None]], quiet_s: float) -> float | None:
    """The seconds until the silence was broken, `None` if it was not."""
    loop = asyncio.get_running_loop()
    began_at = loop.time()
    try:
        async with asyncio.timeout(quiet_s + 2 * PATIENCE_S):
            await silence(quiet_s)
    except FAILURES:
        return min(loop.time() - began_at, quiet_s)
    return None


def cut(what: str, after_s: float, **longest_s: float) -> Finding:
    """A connection that was cut; too soon if the bridge is silent for longer, as it says itself."""
    soon = "-too-soon" if after_s < min(longest_s.values()) else ""
    return Finding("quiet", f"{what}-cut{soon}", {"seconds": round(after_s), **longest_s})

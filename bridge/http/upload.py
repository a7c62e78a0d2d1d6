"""Reading a request's messages: in parts, so that long bodies are not held; bounded in bytes, also
after inflation, and in time."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager, suppress
from functools import partial
from typing import Final

from aiohttp import web

from bridge.config import Config
from bridge.errors import Problem
from bridge.http.bodies import sends_json
from bridge.http.client_address import client_of
from bridge.loop.turns import LIGHT_BYTES, Turns
from bridge.protocol.bodies import UpBody, unterminated
from bridge.protocol.checks import Guard
from bridge.protocol.framing import ZERO, MessageDecoder, Oversize
from bridge.protocol.inflate import WINDOW_BITS, BadEncoding, Inflater
from bridge.protocol.json_body import json_body
from bridge.tunnel.held_bodies import HeldBodies, Hold

PART_BYTES: Final = 1 << 18
"""A body up to this size is accepted as a whole or not at all, a longer one as it comes. As much as
a WebSocket client may leave unacknowledged."""

PIECE_BYTES: Final = 1 << 16
"""Taken from aiohttp's buffer at a time, which holds several."""
READ_S: Final = 0.0002
"""Charged for such a piece, for what it has cost event loop and parser: found by trial, with 500
floods at a time."""

INFLATED_AT_ONCE_BYTES: Final = 1 << 10
"""Of a compressed body; deflate makes a thousand times as much of it at the most."""


class Upload:
    """The body of one request, on its way. Raises `Problem` `unsupported-media-type`."""

    def __init__(
        self, request: web.Request, config: Config, guard: Guard, bodies: HeldBodies, turns: Turns
    ) -> None:
        self._request = request
        self._config = config
        self._guard = guard
        self._bodies = bodies
        self._turns = turns
        self._inflater = inflater_for(request, config)
        self._in_parts = True
        self._size = 0
        self._received = 0
        self._reading_s = 0.0

    @property
    def is_short(self) -> bool:
        """Whether it announces no more than is light work: to hold that is next to nothing."""
        announced = self._request.content_length
        return announced is not None and announced <= LIGHT_BYTES and self._inflater is None

    def at_hand(self) -> UpBody | None:
        """The messages, if all of the body came with the request and is light work: the commonest
        case by far. Then nothing is left of it; otherwise it is read by `parts`.

        Raises `Problem` `unterminated`.
        """
        content = self._request.content
        is_light = content.total_bytes <= min(LIGHT_BYTES, self._config.max_body_bytes)
        if not is_light or not content.is_eof() or content.exception() is not None:
            return None
        if self._inflater is not None or self._bodies.exceeded or sends_json(self._request):
            return None
        return whole_body(content.read_nowait(), self._guard)

    async def parts(self) -> AsyncGenerator[UpBody, None]:
        """The messages, in one part at least; each is held until the next is asked for.

        Raises `Problem`: `unterminated`, `bad-json`, `body-too-big`, `bad-body`, `request-timeout`,
        `rate-limited` or `too-many-sessions`.
        """
        with self._bodies.body_of(client_of(self._request).owner) as hold:
            reading = self._json(hold) if sends_json(self._request) else self._batches(hold)
            async with aclosing(reading):
                async for part in reading:
                    yield part

    @asynccontextmanager
    async def whole(self) -> AsyncIterator[UpBody]:
        """All of it at once, which counts as held within the block; raises as `parts` does."""
        self._in_parts = False
        async with aclosing(self.parts()) as parts:
            yield await anext(parts)

    async def skip_rest(self) -> None:
        """Read what is left and drop it, as far as a body may go: many clients do not listen before
        they have sent all."""
        with suppress(Problem):
            while self._size <= self._config.max_body_bytes and (piece := await self._read()):
                self._size += await self._turns.run(partial(len, piece), spent_s=READ_S)

    async def _json(self, hold: Hold) -> AsyncGenerator[UpBody, None]:
        pieces: list[bytes] = []
        async for piece in self._pieces():
            pieces.append(piece)
            hold(self._size)
        reading, found = json_body(b"".join(pieces)), None
        while found is None:
            found = await self._turns.run(partial(next, reading))
        yield found

    async def _batches(self, hold: Hold) -> AsyncGenerator[UpBody, None]:
        decoder = MessageDecoder(self._guard.max_message_bytes)
        batches: list[bytes] = []
        yielded = ready = 0
        pieces = self._pieces()
        async for piece in pieces:
            try:
                feed = partial(decoder.feed, piece)
                batches.append(await self._turns.run(feed, spent_s=READ_S))
            except Oversize as oversize:
                batches.append(oversize.before)
                if not await self._is_terminated(piece, pieces):
                    raise unterminated() from None
                yield UpBody(b"".join(batches), self._guard.oversize())
                return
            ready += len(batches[-1])
            hold(self._size - yielded)
            if ready >= PART_BYTES and self._may_be_accepted:
                yielded += ready
                yield UpBody(taken(batches))
                ready = 0
        if decoder.unfinished:
            raise unterminated()
        yield UpBody(b"".join(batches))

    async def _is_terminated(self, piece: bytes, others: AsyncIterator[bytes]) -> bool:
        """Whether the last of these pieces ends in a zero byte. So does, for all that is known, a
        body whose end is out of reach."""
        try:
            async for other in others:
                piece = other or piece
                await self._turns.run(partial(len, piece), spent_s=READ_S)
        except Problem as problem:
            if problem.code != "body-too-big":
                raise
            return True
        return piece.endswith(ZERO)

    @property
    def _may_be_accepted(self) -> bool:
        """Whether parts may be accepted before the end is known. Not of a body that may be a bomb,
        and not of one that announces more than it may have."""
        announced = self._request.content_length or 0
        is_plain = self._inflater is None
        return self._in_parts and is_plain and announced <= self._config.max_body_bytes

    async def _pieces(self) -> AsyncIterator[bytes]:
        """The body as it comes, inflated where it has a `Content-Encoding`."""
        inflater = self._inflater
        try:
            while piece := await self._read():
                for inflated in inflated_pieces(inflater, piece) if inflater else (piece,):
                    self._size += len(inflated)
                    if self._size > self._config.max_body_bytes:
                        raise Problem("body-too-big", "send the messages in several requests")
                    yield inflated
            if inflater:
                inflater.finish()
        except BadEncoding as error:
            raise Problem("bad-body", f"the body cannot be inflated: {error}") from None

    async def _read(self) -> bytes:
        """The next piece, empty at the end. Each part has `body_timeout_s` to arrive, however much
        it is inflated to."""
        loop = asyncio.get_running_loop()
        began_at = loop.time()
        allowed_s = self._config.body_timeout_s * (1 + self._received // PART_BYTES)
        try:
            async with asyncio.timeout(allowed_s - self._reading_s):
                piece = await self._request.content.read(PIECE_BYTES)
            self._received += len(piece)
            return piece
        except TimeoutError:
            raise too_late(allowed_s) from None
        except web.RequestPayloadError:
            detail = "the body is not what its header section announced"
            raise Problem("bad-body", detail) from None
        finally:
            self._reading_s += loop.time() - began_at


def too_late(allowed_s: float) -> Problem:
    """A body, or a part of it, that has taken longer than it may."""
    return Problem("request-timeout", f"the body did not arrive within {allowed_s:g} s")


def whole_body(data: bytes, guard: Guard) -> UpBody:
    """The messages of a body. Raises `Problem` `unterminated`."""
    if data and not data.endswith(ZERO):
        raise unterminated()
    try:
        return UpBody(MessageDecoder(guard.max_message_bytes).feed(data))
    except Oversize as oversize:
        return UpBody(oversize.before, guard.oversize())


def inflater_for(request: web.Request, config: Config) -> Inflater | None:
    """What undoes the body's coding. Raises `unsupported-media-type` for one we do not know."""
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding in {"identity", ""}:
        return None
    if encoding not in WINDOW_BITS:
        raise Problem(
            "unsupported-media-type",
            "the body may be compressed by gzip or deflate only",
            headers={"Accept-Encoding": "gzip, deflate"},
        )
    return Inflater(encoding, config.max_body_bytes)


def taken(batches: list[bytes]) -> bytes:
    """All of them in one; then there are none."""
    whole = b"".join(batches)
    batches.clear()
    return whole


def inflated_pieces(inflater: Inflater, data: bytes) -> Iterator[bytes]:
    """What compressed bytes mean, never much at once. Raises `BadEncoding`."""
    for start in range(0, len(data), INFLATED_AT_ONCE_BYTES):
        yield inflater.feed(data[start : start + INFLATED_AT_ONCE_BYTES])

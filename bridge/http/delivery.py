"""Answers are taken in time: one that nobody reads would be held for ever."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Middleware

from bridge.http.answer import Answer
from bridge.http.handler import Handler

SHORT_BYTES: Final = 1 << 14
"""A body up to here is written without a look at the time: a quarter of what asyncio buffers for a
client before anybody has to wait."""


def deliver_within(timeout_s: float) -> Middleware:
    """The middleware that gives a client `timeout_s` to take its answer: one that nobody reads
    would be held for ever."""

    @web.middleware
    async def deliver(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        with suppress(ConnectionError):  # it has gone, or its connection has been taken over
            if fits_at_once(request, response):
                await write(request, response)
            else:
                with cut_off_when_late(request):
                    async with asyncio.timeout(timeout_s):
                        await write(request, response)
        return response

    return deliver


async def write(request: web.Request, response: web.StreamResponse) -> None:
    """All that is still to be written of it."""
    await response.prepare(request)
    await response.write_eof()


def fits_at_once(request: web.Request, response: web.StreamResponse) -> bool:
    """Whether nothing has to be waited for: the write buffer has room for all of it."""
    if not isinstance(response, Answer) or request.transport is None:
        return False
    return response.size <= SHORT_BYTES and not request.transport.get_write_buffer_size()


@contextmanager
def cut_off_when_late(request: web.Request) -> Iterator[None]:
    """Hangs up on a client that has not taken in time what is written to it in the block, which is
    over with a `TimeoutError` then."""
    try:
        yield
    except TimeoutError:
        if request.transport is not None:
            request.transport.abort()

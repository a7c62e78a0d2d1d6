"""What aiohttp does on a connection by itself, before and after all of our handlers: it answers
requests that are no HTTP, and it hangs up."""

import asyncio
from collections.abc import Callable
from typing import Final

from aiohttp import web
from aiohttp.http_exceptions import LineTooLong

from bridge.errors import Problem
from bridge.http.problems import document, internal

LINGER_S: Final = 30.0
"""Until a connection is cut off that is to be closed, and whose client does not take the rest of an
answer. aiohttp, and asyncio below it, would wait for ever."""


class Connection(web.RequestHandler):
    """aiohttp's protocol, but with answers like all others, and an end."""

    __slots__ = ()

    async def start(self) -> None:
        """All requests, one after the other; then it is closed, unless it has been taken over."""
        try:
            await super().start()
        finally:
            cut_off_in_time(self.transport)

    def force_close(self) -> None:
        """Closes it whatever is under way, one that is idle for too long above all."""
        transport = self.transport
        super().force_close()
        cut_off_in_time(transport)

    def data_received(self, data: bytes) -> None:
        """A body that cannot be read any more breaks off: aiohttp lets its reader wait for the
        rest. Nothing can follow a body that has no end, so it is told by whatever does."""
        super().data_received(data)
        request = self._current_request
        if self._messages and request is not None and not request.content.is_eof():
            request.content.set_exception(web.RequestPayloadError())
            request.content.feed_eof()
            self.close()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """A problem document like all others. aiohttp still writes its log, and raises
        `ConnectionError` where an answer is already on its way."""
        super().handle_error(request, status, exc, message)
        answer = document(problem_of(status, exc))
        answer.force_close()
        return answer


def cut_off_in_time(transport: asyncio.Transport | None) -> None:
    """If it is closing as soon as the client has taken the rest: within `LINGER_S` it is closed."""
    if transport is not None and transport.is_closing() and transport.get_write_buffer_size():
        asyncio.get_running_loop().call_later(LINGER_S, transport.abort)


def problem_of(status: int, error: BaseException | None) -> Problem:
    """What it comes to for the client, in our words: aiohttp's would quote what was sent."""
    if status >= 500:
        return internal()
    if isinstance(error, LineTooLong):
        return Problem("bad-request", "a line of the request's head is too long", status=status)
    return Problem("bad-request", "this cannot be read as an HTTP/1.1 request", status=status)


def our_connections(
    make_protocol: Callable[[], web.RequestHandler],
) -> Callable[[], web.RequestHandler]:
    """The same as `make_protocol`, but of this class. aiohttp lets nobody choose it; ours adds no
    attribute, so that it may be put in its place."""

    def make() -> web.RequestHandler:
        protocol = make_protocol()
        protocol.__class__ = Connection
        return protocol

    return make

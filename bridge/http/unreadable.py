"""Requests that are no HTTP: aiohttp answers them before any of our handlers is asked."""

from collections.abc import Callable

from aiohttp import web
from aiohttp.http_exceptions import LineTooLong

from bridge.errors import Problem
from bridge.http.problems import COMMON_FIELDS, document


class ProblemTeller(web.RequestHandler):
    """aiohttp's protocol, but for what it answers by itself."""

    __slots__ = ()

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
        answer.headers.update(COMMON_FIELDS)
        answer.force_close()
        return answer


def problem_of(status: int, error: BaseException | None) -> Problem:
    """What it comes to for the client, in our words: aiohttp's would quote what was sent."""
    if status >= 500:
        return Problem("internal", "the bridge made a mistake; it is in its log")
    if isinstance(error, LineTooLong):
        return Problem("bad-request", "a line of the request's head is too long", status=status)
    return Problem("bad-request", "this cannot be read as an HTTP/1.1 request", status=status)


def told_as_problems(
    make_protocol: Callable[[], web.RequestHandler],
) -> Callable[[], web.RequestHandler]:
    """The same as `make_protocol`, but for such answers. aiohttp lets nobody choose the class; this
    one adds no attribute, so that it may be put in its place."""

    def make() -> web.RequestHandler:
        protocol = make_protocol()
        protocol.__class__ = ProblemTeller
        return protocol

    return make

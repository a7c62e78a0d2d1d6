"""The middleware around every handler: problems become documents, answers get their headers.

RFC 9457 (problem details), Fetch (CORS), RFC 9111 (no-store).
"""

import asyncio
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import Final

from aiohttp import HttpVersion11, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Middleware

from bridge.errors import Problem
from bridge.http.gate import ORIGIN_ALLOWED, OWNED_SESSION
from bridge.http.handler import Handler
from bridge.http.refusal_log import RefusalLog
from bridge.protocol.down_log import Gap
from bridge.protocol.handshake import tokens
from bridge.protocol.up_log import Refusal, TooFarAhead

logger = logging.getLogger("bridge.http")

SHORT_BYTES: Final = 1 << 14
"""A body up to here is written without a look at the time: a quarter of what asyncio buffers for a
client before anybody has to wait."""
COMMON_FIELDS: Final[Mapping[str, str]] = {
    "Server": "xmlsocket-bridge",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Origin",
}
"""Of every answer."""
EXPOSED: Final = "Location, Retry-After, XMLSocket-First, XMLSocket-Ack, XMLSocket-End"


def document(problem: Problem) -> web.Response:
    """The answer that tells a problem."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        **problem.members,
    }
    headers = dict(problem.headers)
    if problem.retry_after_s is not None:
        headers["Retry-After"] = str(problem.retry_after_s)
    return web.Response(
        status=problem.status,
        headers=headers,
        body=json.dumps(body).encode() + b"\n",
        content_type="application/problem+json",
    )


def problem_of(error: Exception) -> Problem:
    """The problem that an exception of a handler means to the client."""
    match error:
        case Problem():
            return error
        case Gap():
            return Problem("gap", str(error))
        case TooFarAhead():
            return Problem("gap", str(error), members={"expected": error.expected})
        case web.HTTPException():
            return routing_problem(error)
        case _:
            logger.error("unexpected error", exc_info=error)
            return internal()


def refused(refusal: Refusal) -> Problem:
    """The problem of a request that held a message which may not pass."""
    code, detail = refusal.fault
    return Problem(code, detail, members={"message": refusal.number})


def routing_problem(error: web.HTTPException) -> Problem:
    """What aiohttp's router refuses."""
    if isinstance(error, web.HTTPMethodNotAllowed):
        allowed = ", ".join(sorted(error.allowed_methods))
        detail = f"{error.method} is not allowed here, but {allowed}"
        return Problem("method-not-allowed", detail, headers={"Allow": allowed})
    if isinstance(error, web.HTTPNotFound):
        return Problem("not-found", "there is nothing at this address")
    return Problem("bad-request", error.reason, status=error.status)


def answer_problems(refusal_log: RefusalLog) -> Middleware:
    """The middleware that runs the handler and makes a problem document of its failure."""

    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except ConnectionError:
            return web.Response()  # which aiohttp drops: the client has gone
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets an answer
            return refuse(request, refusal_log, error)

    return answer


def refuse(request: web.Request, refusal_log: RefusalLog, error: Exception) -> web.Response:
    """The answer to a request whose handler raised this. The traceback ends here: it knows the
    handler's frames, which may know the error, and only a garbage collection would part them."""
    problem = problem_of(error)
    error.__traceback__ = None
    refusal_log.tell(request, problem)
    return document(problem)


def internal() -> Problem:
    """What a client is told of the bridge's own mistakes."""
    return Problem("internal", "the bridge made a mistake; it is in its log")


@contextmanager
def cut_off_when_late(request: web.Request) -> Iterator[None]:
    """Hangs up on a client that has not taken in time what is written to it in the block, which is
    over with a `TimeoutError` then."""
    try:
        yield
    except TimeoutError:
        if request.transport is not None:
            request.transport.abort()


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
    if not isinstance(response, web.Response) or request.transport is None:
        return False
    body = response.body or b""
    is_short = isinstance(body, bytes) and len(body) <= SHORT_BYTES
    return is_short and not request.transport.get_write_buffer_size()


async def answer_expect(request: web.Request) -> web.Response | None:
    """`Expect: 100-continue` (RFC 9110 section 10.1.1) is met, anything else refused, also beside
    it in the same line or another."""
    expected = tokens(",".join(request.headers.getall("Expect")))
    if {each.lower() for each in expected} != {"100-continue"}:
        return document(Problem("expectation-failed", "only 100-continue can be expected"))
    if request.version == HttpVersion11:
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # it is not part of the answer
    return None


def is_worth_logging(record: logging.LogRecord) -> bool:
    """The filter of aiohttp's own log: what strangers send that is not HTTP is not our error."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


def fields_of_any_answer(request: web.Request) -> Mapping[str, str]:
    """What every answer to this request has, one that takes the connection over, too."""
    origin = request.headers.get("Origin")
    if origin is None or not request.get(ORIGIN_ALLOWED):
        return COMMON_FIELDS
    return {
        **COMMON_FIELDS,
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": EXPOSED,
    }


async def add_common_headers(request: web.Request, response: web.StreamResponse) -> None:
    """On every answer, just before its headers go out."""
    headers = response.headers
    headers.update(fields_of_any_answer(request))
    session = request.get(OWNED_SESSION)
    if session is not None:
        headers["XMLSocket-Ack"] = str(session.core.up.accepted)

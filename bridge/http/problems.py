"""The middleware around every handler: whatever fails becomes a problem document (RFC 9457)."""

import json
import logging
from http import HTTPStatus

from aiohttp import HttpVersion11, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Middleware

from bridge.errors import Problem
from bridge.http.answer import Answer
from bridge.http.handler import Handler
from bridge.http.refusal_log import RefusalLog
from bridge.protocol.down_log import Gap
from bridge.protocol.handshake import tokens
from bridge.protocol.up_log import Refusal, TooFarAhead

logger = logging.getLogger("bridge.http")


def document(problem: Problem) -> Answer:
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
    return Answer(
        problem.status,
        body=json.dumps(body).encode() + b"\n",
        content_type="application/problem+json",
        headers=headers,
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
            return Answer()  # which is dropped: the client has gone
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets an answer
            return refuse(request, refusal_log, error)

    return answer


def refuse(request: web.Request, refusal_log: RefusalLog, error: Exception) -> Answer:
    """The answer to a request whose handler raised this. The traceback ends here: it knows the
    handler's frames, which may know the error, and only a garbage collection would part them."""
    problem = problem_of(error)
    error.__traceback__ = None
    refusal_log.tell(request, problem)
    return document(problem)


def internal() -> Problem:
    """What a client is told of the bridge's own mistakes."""
    return Problem("internal", "the bridge made a mistake; it is in its log")


async def answer_expect(request: web.Request) -> Answer | None:
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

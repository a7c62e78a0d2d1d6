"""Log lines for refused requests: what one must know to set things up, in bounded numbers."""

import logging
from collections.abc import Callable
from typing import Final

from aiohttp import web

from bridge.errors import Problem
from bridge.host.descriptors import in_words
from bridge.host.quiet import Quiet

logger = logging.getLogger("bridge.http")

TOLD: Final = frozenset(
    {
        "daemon-timeout",
        "daemon-unreachable",
        "draining",
        "not-allowed",
        "origin-denied",
        "rate-limited",
        "too-many-sessions",
        "unauthenticated",
        "unknown-daemon",
        "unknown-host",
    }
)
"""Problems that are not told by the client's fault alone."""

MADE_UP: Final = frozenset({"unknown-daemon", "unknown-host"})
"""Those before which no daemon was found: what the path names anybody may make up."""


class Complaints:
    """Tells of refused requests, each kind at most once in `QUIET_S`."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._quiet = Quiet(now)

    def tell(self, request: web.Request, problem: Problem) -> None:
        """Write a line, or count it for the next one."""
        if problem.code not in TOLD:
            return
        daemon = request.match_info.get("daemon", "") if problem.code not in MADE_UP else ""
        more = self._quiet.more((problem.code, daemon))
        if more is None:
            return
        story: dict[str, object] = {"code": problem.code, "path": request.path}
        if "Origin" in request.headers:
            story["origin"] = request.headers["Origin"]
        if problem.__cause__ is not None:
            story["reason"] = reason(problem.__cause__)
        logger.info("request refused", extra={"fields": {**story, "more": more}})


def reason(cause: BaseException) -> str:
    """Why, and what to do where that is known."""
    return in_words(cause) if isinstance(cause, OSError) else str(cause)

"""Log lines for refused requests: what one must know to set things up, in bounded numbers."""

import logging
from collections.abc import Callable
from typing import Final

from aiohttp import web

from bridge.errors import Problem

logger = logging.getLogger("bridge.http")

TOLD: Final = frozenset(
    {
        "daemon-timeout",
        "daemon-unreachable",
        "draining",
        "origin-denied",
        "too-many-sessions",
        "unknown-daemon",
    }
)
"""Problems that are not told by the client's fault alone."""

QUIET_S: Final = 10.0
"""So long after a line others of its kind are only counted: strangers must not fill a disk."""


class Complaints:
    """Tells of refused requests, each kind at most once in `QUIET_S`."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._silent_until: dict[tuple[str, str], float] = {}
        self._untold: dict[tuple[str, str], int] = {}

    def tell(self, request: web.Request, problem: Problem) -> None:
        """Write a line, or count it for the next one."""
        if problem.code not in TOLD:
            return
        known = (
            problem.code != "unknown-daemon"
        )  # or else the path's word, which anybody may make up
        daemon = request.match_info.get("daemon", "") if known else ""
        kind = (problem.code, daemon)
        if self._now() < self._silent_until.get(kind, 0.0):
            self._untold[kind] = self._untold.get(kind, 0) + 1
            return
        self._silent_until[kind] = self._now() + QUIET_S
        story: dict[str, object] = {"code": problem.code, "path": request.path}
        if "Origin" in request.headers:
            story["origin"] = request.headers["Origin"]
        if problem.__cause__ is not None:
            story["reason"] = problem.__cause__
        logger.info(
            "request refused", extra={"fields": {**story, "more": self._untold.pop(kind, 0)}}
        )

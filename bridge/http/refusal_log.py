"""Log lines for refused requests: what one must know to set things up, in bounded numbers."""

import logging
from collections.abc import Callable, Hashable
from typing import Final

from aiohttp import web

from bridge.auth.identity import NotNamed, Refused
from bridge.errors import Problem
from bridge.host.descriptors import in_words
from bridge.host.log_throttle import LogThrottle
from bridge.http.client_address import client_address
from bridge.http.gate import OWNED_SESSION
from bridge.tunnel.directory import Daemon, Directory
from bridge.tunnel.pace.quota import Crowded
from bridge.tunnel.session import Session

logger = logging.getLogger("bridge.http")

OUTAGES: Final = frozenset({"daemon-timeout", "daemon-unreachable"})
"""Problems of a daemon's: its operator has to do something."""
TOLD: Final = OUTAGES | frozenset(
    {
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


class RefusalLog:
    """Tells of refused requests, each kind at most once in `QUIET_S`: a kind is a code, a daemon of
    the directory and a sort of reason, so that no client makes one up."""

    def __init__(self, directory: Directory, now: Callable[[], float]) -> None:
        self._directory = directory
        self._throttle = LogThrottle(now)

    def tell(self, request: web.Request, problem: Problem) -> None:
        """Write a line, or count it for the next one."""
        if problem.code not in TOLD:
            return
        daemon, cause = self._daemon(request), problem.__cause__
        more = self._throttle.more((problem.code, daemon and daemon.name, sort_of(cause)))
        if more is None:
            return
        story = {"code": problem.code, **about(daemon, problem), **about_request(request)}
        if cause is not None:
            story["reason"] = reason(cause)
        is_outage = problem.code in OUTAGES or isinstance(cause, OSError)
        level = logging.WARNING if is_outage else logging.INFO
        logger.log(level, "request refused", extra={"fields": {**story, **more}})

    def _daemon(self, request: web.Request) -> Daemon | None:
        """The one that the path names or whose session it names, if there is such a one."""
        session: Session | None = request.get(OWNED_SESSION)
        if session is not None:
            return session.daemon
        return self._directory.known(request.match_info.get("daemon", ""))


def about(daemon: Daemon | None, problem: Problem) -> dict[str, object]:
    """Which daemon, and where it was looked for in vain."""
    if daemon is None:
        return {}
    address = {"address": daemon.address} if problem.code in OUTAGES else {}
    return {"daemon": daemon.name, **address}


def about_request(request: web.Request) -> dict[str, object]:
    """Who wanted what."""
    story: dict[str, object] = {"path": request.path}
    client = client_address(request)
    if client is not None:
        story["client"] = client
    if "Origin" in request.headers:
        story["origin"] = request.headers["Origin"]
    return story


def sort_of(cause: BaseException | None) -> Hashable:
    """One of a few for each code: of words those alone in which nothing is a client's."""
    match cause:
        case OSError():
            return type(cause), cause.errno
        case Refused() if not isinstance(cause, NotNamed):
            return str(cause)
        case Crowded():
            return cause.limit
        case _:
            return type(cause).__name__


def reason(cause: BaseException) -> str:
    """Why, and what to do where that is known."""
    return in_words(cause) if isinstance(cause, OSError) else str(cause)

"""Everything that can go wrong, by name: problems that answer a request, codes that end a session.

Two tables are the single source for both: `STATUS` gives each problem code its HTTP status, `ENDS`
gives each close code what a client sees of it. docs/protocol.md is checked against them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

STATUS: Final[Mapping[str, int]] = {
    # asked for something that is not there, or may not be had
    "not-found": 404,
    "method-not-allowed": 405,
    "unknown-daemon": 404,
    "unknown-session": 404,
    "unauthenticated": 401,
    "origin-denied": 403,
    "not-allowed": 403,
    "unknown-host": 421,
    "rate-limited": 429,
    "too-many-sessions": 503,
    "draining": 503,
    # asked in a way that cannot be understood
    "bad-request": 400,
    "bad-parameter": 400,
    "bad-handshake": 400,
    "bad-body": 400,
    "bad-json": 400,
    "unterminated": 400,
    "upgrade-required": 426,
    "request-timeout": 408,
    "expectation-failed": 417,
    "not-acceptable": 406,
    "unsupported-media-type": 415,
    "body-too-big": 413,
    # the state of the session or its daemon stands against it
    "displaced": 409,
    "gap": 409,
    "ended": 409,
    "slow-daemon": 503,
    "daemon-unreachable": 502,
    "daemon-timeout": 504,
    # one message was refused
    "not-well-formed": 400,
    "bad-encoding": 400,
    "message-too-big": 413,
    # our own fault
    "internal": 500,
}
"""HTTP status of each problem code (RFC 9457 `status`)."""


class Problem(Exception):
    """A request is refused; the answer is a problem document with this `code`.

    `members` are extension members of the document (RFC 9457 section 3.2), `headers` go into the
    answer's header section; `retry_after_s` says when to come back.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        members: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        status: int | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.members = members or {}
        self.headers = headers or {}
        self.retry_after_s = retry_after_s
        self.status = STATUS[code] if status is None else status


class CloseCode(StrEnum):
    """Why a session ended; the words of the wire."""

    DAEMON_CLOSED = "daemon-closed"
    DAEMON_ERROR = "daemon-error"
    SHUTDOWN = "shutdown"
    BAD_ENCODING = "bad-encoding"
    MESSAGE_TOO_BIG = "message-too-big"
    CLIENT_CLOSED = "client-closed"
    ABANDONED = "abandoned"
    SLOW_CLIENT = "slow-client"
    SLOW_DAEMON = "slow-daemon"
    KICKED = "kicked"


@dataclass(frozen=True, slots=True)
class Ending:
    """What a close code means to clients.

    `websocket` is the close code of RFC 6455 section 7.4, `keeps_tail` tells whether down messages
    that the client has not acknowledged can still be received. The HTTP status is 410 for all.
    """

    websocket: int
    keeps_tail: bool
    meaning: str


HTTP_STATUS_OF_ENDED: Final = 410

ENDS: Final[Mapping[CloseCode, Ending]] = {
    CloseCode.DAEMON_CLOSED: Ending(1000, True, "the daemon ended its stream"),
    CloseCode.DAEMON_ERROR: Ending(1011, True, "the connection to the daemon broke"),
    CloseCode.SHUTDOWN: Ending(1012, True, "the bridge is stopping"),
    CloseCode.BAD_ENCODING: Ending(1011, True, "the daemon sent bytes that are not UTF-8"),
    CloseCode.MESSAGE_TOO_BIG: Ending(1011, True, "the daemon sent a message above the limit"),
    CloseCode.CLIENT_CLOSED: Ending(1000, False, "the client closed the session"),
    CloseCode.ABANDONED: Ending(1008, False, "no sign of the client for resume_s"),
    CloseCode.SLOW_CLIENT: Ending(1008, False, "the client lagged behind for slow_client_s"),
    CloseCode.SLOW_DAEMON: Ending(1013, False, "the daemon stayed behind for slow_daemon_s"),
    CloseCode.KICKED: Ending(1008, False, "an operator ended the session"),
}


@dataclass(frozen=True, slots=True)
class End:
    """How a session ended: its close code, a sentence for people, and, where the bridge makes the
    choice, how long the client is to wait before it opens another one."""

    code: CloseCode
    detail: str
    retry_after_s: int | None = None

    @property
    def members(self) -> dict[str, object]:
        """What a control frame or an event says of it."""
        later = {} if self.retry_after_s is None else {"retry_after_s": self.retry_after_s}
        return {"code": self.code, "detail": self.detail, **later}

    @property
    def websocket_status(self) -> int:
        """The close code of its WebSocket."""
        return ENDS[self.code].websocket

    @property
    def websocket_reason(self) -> str:
        """The reason beside it, far below the 123 bytes of RFC 6455 section 5.5."""
        if self.retry_after_s is None:
            return self.code
        return f"{self.code}; retry_after_s={self.retry_after_s}"

    @property
    def problem(self) -> Problem:
        """The answer to whoever comes after the end."""
        return Problem(
            self.code,
            self.detail,
            status=HTTP_STATUS_OF_ENDED,
            retry_after_s=self.retry_after_s,
        )


DISPLACED: Final = 4409
"""WebSocket close code for a socket whose session has found a newer receiver."""

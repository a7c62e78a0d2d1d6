"""What the bridge answered to a request, and what that means for the session."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bridge.client.outcome import Ended, Lost, Outcome, because

PASSING: Final = frozenset({408, 425, 429})
"""Client errors that pass by themselves; all others would be answered the same way for ever."""

GATEWAY: Final = frozenset({502, 503, 504})
"""What a proxy says when nobody answers behind it. The bridge's own have a code."""

MOST_DIGITS: Final = 15


@dataclass(frozen=True, slots=True)
class Reply:
    """`status` is 0 when no answer came, and `error` says why, if that is known. `ack` is the
    highest message accepted: every answer about a session that is ours says it, so that one without
    (a hotel's log-in page, say) is not the bridge's. `first` is the number of the first message in
    `body`; `document` the JSON object of a problem or of an opened session, else empty."""

    status: int = 0
    ack: int | None = None
    first: int | None = None
    retry_after_s: float = 0.0
    document: Mapping[str, Any] = field(default_factory=dict)
    body: bytes = b""
    error: Exception | None = field(default=None, compare=False)

    @property
    def code(self) -> str | None:
        """The problem's code."""
        code = self.document.get("code")
        return code if isinstance(code, str) else None

    @property
    def detail(self) -> str:
        """The problem's sentence."""
        return str(self.document.get("detail", ""))

    @property
    def has_arrived(self) -> bool:
        """Whether it is the bridge's own answer to a receive, with or without messages."""
        if self.status == 200:
            return self.first is not None and self.body.endswith(b"\0")
        return self.status == 204 and self.ack is not None


def read_reply(status: int, headers: Mapping[str, str], body: bytes) -> Reply:
    """An answer that came to its end."""
    return Reply(
        status,
        number(headers.get("XMLSocket-Ack")),
        number(headers.get("XMLSocket-First")),
        number(headers.get("Retry-After")) or 0,
        document(body) if "json" in headers.get("Content-Type", "") else {},
        body,
    )


def judge(reply: Reply, *, worked: bool) -> Outcome:
    """The outcome when a request about a session got neither messages nor a 204. `worked` says
    whether the connection had worked before."""
    later = reply.retry_after_s
    if reply.code is None:
        # A proxy's own error page has no code: it tells of the way, not of the session.
        return Lost(worked, later, reply.error)
    if reply.status == 410:
        return Ended(reply.code, reply.detail, retry_after_s=later)
    if reply.code == "displaced":
        return Lost(worked=True)  # that a newer receiver took over has made the round trip
    if reply.status >= 500 or reply.status in PASSING:
        return Lost(worked, later)
    return Ended(reply.code, reply.detail, failed=True)


def refusal(reply: Reply) -> Ended:
    """Why no session could be opened."""
    if reply.status == 0:
        detail = f"the bridge did not answer{because(reply.error)}"
        return Ended("unreachable", detail, failed=True, cause=reply.error)
    code, detail = reply.code or "unexpected-answer", f"HTTP status {reply.status}"
    if reply.code is None and reply.status in GATEWAY:
        code, detail = "unreachable", f"{detail}: a proxy answers, but not the bridge behind it"
    return Ended(code, reply.detail or detail, failed=True, retry_after_s=reply.retry_after_s)


def number(header: str | None) -> int | None:
    """A header's plain number."""
    if header is None or len(header) > MOST_DIGITS:
        return None
    return int(header) if header.isascii() and header.isdigit() else None


def document(body: bytes) -> dict[str, Any]:
    """The JSON object in a body, or an empty one."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}

"""What a program is told by exceptions, and what the parts of the client tell each other."""

from bridge.client.outcome import Ended


class SessionError(Exception):
    """There is no session: `code` and `detail` say why, `retry_after_s` how long to wait before
    another one is opened, 0 where the bridge did not say."""

    def __init__(self, end: Ended) -> None:
        super().__init__(f"{end.code}: {end.detail}" if end.detail else end.code)
        self.code = end.code
        self.detail = end.detail
        self.retry_after_s = end.retry_after_s


class NotOpened(SessionError):
    """No session could be opened."""


class SessionEnded(SessionError):
    """The session is over; `code` is a close code of the protocol, or `gap`, `unknown-session` or
    `unreachable` where it was lost."""


class MessageRefused(Exception):
    """The bridge did not pass on message `number`, which is used up; those after it went on."""

    def __init__(self, number: int, code: str, detail: str) -> None:
        super().__init__(f"message {number} was refused, {code}: {detail}")
        self.number = number
        self.code = code
        self.detail = detail


class Garbled(Exception):
    """What came cannot be understood. The session can go on, but over another connection."""


class Missing(Exception):
    """Messages are missing that will not come again: the session's promise cannot be kept."""

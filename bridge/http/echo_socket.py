"""A WebSocket that says everything again: what the doctor measures WebSockets with."""

from collections.abc import Callable
from typing import Final

from bridge.errors import Problem
from bridge.http.websocket import WebSocketConnection
from bridge.loop.deadline import Deadline
from bridge.protocol.frames import CloseStatus

MAX_ECHO_BYTES: Final = 1 << 16
MAX_STAY_S: Final = 600.0
GOING_AWAY: Final = 1001
"""RFC 6455 section 7.4.1."""


class EchoSocket:
    """The listener of one. It is among those `present` until it is lost, and tells `left` then."""

    _connection: WebSocketConnection

    def __init__(self, present: "set[EchoSocket]", left: Callable[[], None]) -> None:
        self.turn_bytes = MAX_ECHO_BYTES
        self._present = present
        self._left = left
        self._begun = b""
        self._over = Deadline(self.close)

    def opened(self, connection: WebSocketConnection) -> None:
        """It may stay for a while."""
        self._connection = connection
        self._present.add(self)
        self._over.start(MAX_STAY_S)

    def messages(self, opcode: int, payloads: list[bytes], final: bool) -> None:
        """Say the whole ones again."""
        payloads[0] = self._begun + payloads[0]
        self._begun = b"" if final else payloads.pop()
        for payload in payloads:
            self._connection.reply(opcode, payload)
        if len(self._begun) > MAX_ECHO_BYTES:
            self._connection.close(CloseStatus.MESSAGE_TOO_BIG, too_long().detail)

    def drained(self) -> None:
        """The connection itself reads on."""

    def beat(self) -> None:
        """The Ping says it all."""

    def lost(self) -> None:
        """It is gone."""
        self._over.cancel()
        self._present.discard(self)
        self._left()

    def close(self) -> None:
        """Its time is over."""
        self._connection.close(GOING_AWAY, "")


def too_long() -> Problem:
    """What is longer than `MAX_ECHO_BYTES` is not said again."""
    return Problem("body-too-big", f"at most {MAX_ECHO_BYTES} bytes are said again")

"""Daemons that misbehave."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tests.security.bad_input.stage import Stage
from tests.support.daemon import DaemonConnection


@dataclass(frozen=True, slots=True)
class Said:
    """Bytes from the daemon, behind one message that is sound, and how it leaves after them."""

    kind: str
    got: str
    data: bytes
    leave: Callable[[DaemonConnection], None] | None = None
    of: str = "text"

    async def play(self, stage: Stage) -> str:
        """The code by which the session ends. Raises `AssertionError` if the message before is not
        delivered."""
        stage.connection.say(b"sound")
        assert await stage.session.peek(1) == [b"sound"]
        stage.connection.write(self.data)
        if self.leave is not None:
            self.leave(stage.connection)
        _, answer = await stage.session.drain(1)
        return f"{answer.status} {answer.json()['code']}"


DAEMONS: Final = [
    Said("a byte that is no UTF-8", "410 bad-encoding", b"\xff\0"),
    Said("UTF-8 that is too long", "410 bad-encoding", b"\xc0\xaf\0"),
    Said("half of a pair as UTF-8", "410 bad-encoding", b"\xed\xa0\x80\0"),
    Said("a character cut off by a zero byte", "410 bad-encoding", b"\xe2\x82\0"),
    Said("Latin-1 from a daemon of UTF-8", "410 bad-encoding", "é\0".encode("latin-1")),
    Said("a message above the limit", "410 message-too-big", b"x" * 70_000 + b"\0"),
    Said("a message without an end", "410 message-too-big", b"x" * 70_000),
    Said("a message of bytes without an end", "410 message-too-big", b"x" * 70_000, of="blob"),
    Said("a message that is cut off", "410 daemon-closed", b"half", DaemonConnection.close),
    Said("an end of its stream alone", "410 daemon-closed", b"", DaemonConnection.half_close),
    Said("a reset", "410 daemon-error", b"", DaemonConnection.reset),
    Said("an answer of HTTP", "410 daemon-closed", b"HTTP/1.1 400 Bad Request\r\n\r\n",
         DaemonConnection.close),
    Said("a handshake of TLS", "410 bad-encoding", b"\x16\x03\x01\xff\xff\0"),
]  # fmt: skip

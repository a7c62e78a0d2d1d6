"""The client's side of one `xmlsocket.v1` socket: frames in, frames out."""

import json
from typing import Any, Final, NamedTuple, Self

from bridge.client.errors import Garbled, MessageRefused
from bridge.client.opening import Opening
from bridge.client.outcome import Ended
from bridge.client.session import Session
from bridge.protocol import control
from bridge.protocol.framing import ZERO, count

Frame = str | bytes
"""Of a text or of a binary frame."""

ACK_AFTER_S: Final = 0.5
ACK_AFTER_BYTES: Final = 1 << 15
"""Half of what the contract allows between data and its acknowledgement: the other half is for the
way."""

CLOSE: Final = control.encode({"close": {}}).decode()


class OpenFrame(NamedTuple):
    """The bridge's first frame: from which numbers both sides count. Only with it is it sure that
    frames get through: some proxies agree to the upgrade and then let nothing pass."""

    opening: Opening
    accepted: int
    first: int

    @classmethod
    def read(cls, frame: Frame) -> Self:
        """Raises `Garbled` for any other frame."""
        members = members_of(frame)
        opening = members.get("open")
        if not isinstance(opening, dict):
            raise Garbled("the first frame does not open a session")
        return cls(Opening.read(opening), number_in(members, "ack"), number_in(members, "first"))


class V1Connection:
    """One socket, from its open frame on. `end` is set once the bridge has ended the session."""

    def __init__(self, session: Session, opened: OpenFrame, *, is_text: bool) -> None:
        """Raises `Missing` if the bridge counts otherwise than the session."""
        session.outbox.resume(opened.accepted)
        self.end: Ended | None = None
        self._session: Final = session
        self._is_text: Final = is_text
        self._next = opened.first
        self._accepted = opened.accepted
        self._acked = opened.first - 1
        self._acked_at = -ACK_AFTER_S
        self._unacked_bytes = 0
        self._hangs_up = False
        self._has_hung_up = False

    def hang_up(self) -> None:
        """End the session behind all that waits."""
        self._hangs_up = True

    def receive(self, frame: Frame) -> list[MessageRefused]:
        """Take a frame; return the refusals that it tells. Raises `Garbled` or `Missing`."""
        if isinstance(frame, str) and "\0" not in frame:
            return self._control(members_of(frame))
        self._data(frame)
        return []

    def frames(self, now: float) -> list[Frame]:
        """What to send at the time `now`."""
        found: list[Frame] = []
        if self._is_ack_due(now):
            found.append(self._take_ack(now))
        while batch := self._session.outbox.take():
            found.append(batch.data.decode() if self._is_text else batch.data)
        if self._hangs_up and not self._has_hung_up and not self._session.outbox.has_unsent:
            self._has_hung_up = True
            found.append(CLOSE)
        return found

    def due_in_s(self, now: float) -> float | None:
        """When `frames` has an acknowledgement, though nothing happens; `None`: never."""
        owes = self._ack > self._acked
        return max(0.0, self._acked_at + ACK_AFTER_S - now) if owes else None

    @property
    def _ack(self) -> int:
        """What to acknowledge. The bridge heeds no acknowledgement of what this socket has not
        brought, though the session may have had it before."""
        return min(self._session.ack, self._next - 1)

    def _is_ack_due(self, now: float) -> bool:
        due_in_s = self.due_in_s(now)
        return due_in_s is not None and (due_in_s == 0.0 or self._unacked_bytes >= ACK_AFTER_BYTES)

    def _take_ack(self, now: float) -> str:
        self._acked, self._acked_at, self._unacked_bytes = self._ack, now, 0
        return control.ack(self._acked).decode()

    def _control(self, members: dict[str, Any]) -> list[MessageRefused]:
        outbox = self._session.outbox
        if "ack" in members:
            self._accepted = number_in(members, "ack")
            outbox.acknowledge_taken(self._accepted)
        if "close" in members:
            self.end = end_in(members["close"])
            outbox.acknowledge(self._accepted)
        refusal = refusal_in(members.get("reject"))
        return [refusal] if refusal and self._session.refuse(refusal) else []

    def _data(self, frame: Frame) -> None:
        if isinstance(frame, str) is not self._is_text:
            raise Garbled("messages came in the wrong kind of frame")
        batch = frame.encode() if isinstance(frame, str) else frame
        if not batch.endswith(ZERO):
            raise Garbled("the last message of a frame is not ended")
        first, self._next = self._next, self._next + count(batch)
        self._unacked_bytes += len(batch)
        self._session.receive(first, batch)


def members_of(frame: Frame) -> dict[str, Any]:
    """A control frame's members; raises `Garbled` for what is none."""
    try:
        members = json.loads(frame)
    except (ValueError, RecursionError):
        raise Garbled("a control frame that is no JSON") from None
    if not isinstance(frame, str) or not isinstance(members, dict):
        raise Garbled("a control frame must be a JSON object in a text frame")
    return members


def number_in(members: dict[str, Any], name: str) -> int:
    """A number, 0 or above; raises `Garbled` for anything else."""
    number = members.get(name)
    if type(number) is not int or number < 0:
        raise Garbled(f"a frame without the number {name}")
    return number


def refusal_in(members: object) -> MessageRefused | None:
    """What a problem document, or `reject`, says of a refused message, if it does."""
    if not isinstance(members, dict) or type(members.get("message")) is not int:
        return None
    code, detail = members.get("code", ""), members.get("detail", "")
    return MessageRefused(members["message"], str(code), str(detail))


def end_in(members: object) -> Ended:
    """How the session ended, from `close` of a frame or an event."""
    if not isinstance(members, dict):
        raise Garbled("close must be a JSON object")
    later = members.get("retry_after_s", 0)
    return Ended(
        str(members.get("code", "closed")),
        str(members.get("detail", "")),
        retry_after_s=float(later) if isinstance(later, int | float) else 0.0,
    )

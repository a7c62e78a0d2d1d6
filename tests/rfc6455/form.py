"""The three forms that a WebSocket of the bridge has, as far as the tables need to know them.

A row speaks of messages. Plain sends them as they are; raw and `xmlsocket.v1` end each in a zero
byte, and raw knows binary frames only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.rfc6455.frame import BINARY, CLOSE, CONTINUATION, TEXT, Frame
from tests.rfc6455.table.case import Case
from tests.support.sockets import V1


@dataclass(frozen=True, slots=True)
class Form:
    """How messages go over a socket to one of the two daemons."""

    name: str
    path: str
    opcode: int
    subprotocols: tuple[str, ...] = ()
    is_terminated: bool = True

    @property
    def is_raw(self) -> bool:
        return self.path.endswith("/raw")

    @property
    def is_v1(self) -> bool:
        return V1 in self.subprotocols

    def stream(self, case: Case) -> tuple[bytes, bytes]:
        """What the client sends, and what goes with its very last byte: behind a Close frame a
        connection may be gone."""
        frames = [self.adapted(frame) for frame in case.send]
        opcodes = [frame.opcode for frame in frames]
        n_frames = opcodes.index(CLOSE) + 1 if CLOSE in opcodes else len(frames)
        stream = b"".join(frame.encode() for frame in frames[:n_frames])
        behind = b"".join(frame.encode() for frame in frames[n_frames:])
        return stream[:-1], stream[-1:] + behind

    def fits(self, case: Case) -> bool:
        """Whether the row has its meaning in this form."""
        opcodes = {frame.opcode for frame in case.send} & {TEXT, BINARY}
        return opcodes <= {self.opcode} or (self.is_raw and not case.is_about_text)

    def messages(self, payloads: Sequence[bytes]) -> list[bytes]:
        """Those that the payloads of data frames have brought."""
        if not self.is_terminated:
            return list(payloads)
        return b"".join(payloads).split(b"\0")[:-1]

    def adapted(self, frame: Frame) -> Frame:
        """The frame of a row as it is in this form."""
        if frame.opcode not in (CONTINUATION, TEXT, BINARY):
            return frame
        opcode = CONTINUATION if frame.opcode == CONTINUATION else self.opcode
        # A length that is wrong must stay so.
        is_last = frame.fin and frame.length_bytes is None
        end = b"\0" if self.is_terminated and is_last else b""
        return replace(frame, opcode=opcode, payload=frame.payload + end)


PLAIN_TEXT = Form("plain", "v1/daemons/chat/websocket", TEXT, is_terminated=False)
PLAIN_BYTES = Form("plain-bytes", "v1/daemons/blob/websocket", BINARY, is_terminated=False)
V1_TEXT = Form("v1", "v1/daemons/chat/websocket", TEXT, (V1,))
V1_BYTES = Form("v1-bytes", "v1/daemons/blob/websocket", BINARY, (V1,))
RAW = Form("raw", "v1/daemons/blob/raw", BINARY)

FORMS = (PLAIN_TEXT, PLAIN_BYTES, V1_TEXT, V1_BYTES, RAW)

"""The bridge's sans-IO core with lists for sockets: the other side of the model."""

from collections import deque

from bridge.client.reply import Reply
from bridge.client.v1 import Frame
from bridge.protocol import control
from bridge.protocol.checks import Fault, Guard
from bridge.protocol.down_log import Batch
from bridge.protocol.framing import count, join
from bridge.protocol.session_core import SessionCore
from bridge.protocol.up_log import Refusal
from tests.client.samples import OPENED

BANNED = b"no"


def ban(message: bytes) -> Fault | None:
    """Stands for any check of single messages."""
    return Fault("not-well-formed", "banned") if message == BANNED else None


class BridgeSide:
    """`stream` is what the daemon has got."""

    def __init__(self) -> None:
        self.core = SessionCore(Guard("text", 100, ban))
        self.stream = b""

    def offer(self, first: int, batch: bytes) -> list[Refusal]:
        """Up messages, over whatever transport."""
        refusals = []
        for item in self.core.up.offer(first, batch):
            if isinstance(item, Refusal):
                refusals.append(item)
            else:
                self.stream += item
        return refusals

    def acknowledge(self, number: int) -> None:
        """As `Session.acknowledge`: of what overtakes the socket only as much counts as it got."""
        down = self.core.down
        down.acknowledge(down.cursor if down.cursor < number <= down.sent else number)

    def take_all(self) -> list[Batch]:
        """What the receiver has not got."""
        return list(iter(self.core.down.take, None))

    def post(self, sent: Batch) -> Reply:
        """Answers a request that sends."""
        up = self.core.up
        for item in up.offer(sent.first, sent.data):
            if isinstance(item, Refusal):
                break
            self.stream += item
        refusal = up.remembered(sent.first, up.accepted + 1)
        if refusal is None:
            return Reply(204, up.accepted)
        code, detail = refusal.fault
        problem = {"code": code, "detail": detail, "message": refusal.number}
        return Reply(400, up.accepted, document=problem)

    def poll(self, ack: int) -> Reply:
        """Answers a request that receives."""
        down = self.core.down
        down.acknowledge(ack)
        down.rewind(ack)
        batches = self.take_all()
        if not batches:
            return Reply(204, self.core.up.accepted)
        body = b"".join(batch.data for batch in batches)
        return Reply(200, self.core.up.accepted, batches[0].first, body=body)


class BridgeSocket:
    """One `xmlsocket.v1` socket; `up` and `down` are the frames on their way."""

    def __init__(self, side: BridgeSide, ack: int) -> None:
        self.up: deque[Frame] = deque()
        self.down: deque[str] = deque()
        self._side = side
        core = side.core
        core.down.acknowledge(ack)
        core.down.rewind(ack)
        self._next = core.up.accepted + 1
        self._say(control.opened(OPENED, core.up.accepted, ack + 1))
        if core.up.refusal is not None:
            self._say(control.reject(core.up.refusal))

    def push(self) -> None:
        """Down messages leave, and what has been accepted is acknowledged."""
        for batch in self._side.take_all():
            self._say(batch.data)
        self._say(control.ack(self._side.core.up.accepted))

    def deliver_up(self) -> None:
        """The next frame of the client arrives."""
        frame = self.up.popleft()
        assert isinstance(frame, str)
        if "\0" not in frame:
            said = control.decode(frame.encode())
            if said.ack is not None:
                self._side.acknowledge(said.ack)
            return
        first, self._next = self._next, self._next + count(frame.encode())
        for refusal in self._side.offer(first, frame.encode()):
            self._say(control.reject(refusal))

    def _say(self, frame: bytes) -> None:
        self.down.append(frame.decode())


def passable(messages: list[bytes]) -> bytes:
    """What the daemon should have got of these."""
    return join([message for message in messages if message != BANNED])

"""A WebSocket that is its session's only client: the session ends when the socket does."""

from collections import deque

from bridge.errors import CloseCode, End
from bridge.http.websocket import Hold, WebSocketConnection
from bridge.protocol.bound_codecs import BoundCodec, breach
from bridge.protocol.checks import Fault
from bridge.protocol.down_log import Batch
from bridge.protocol.frames import FrameError
from bridge.tunnel.session import Session


class BoundSocket:
    """Receiver and listener of a session that nobody can resume; its codec is its form."""

    _connection: WebSocketConnection

    def __init__(self, session: Session, codec: BoundCodec, transport_name: str) -> None:
        self.transport_name = transport_name
        self.turn_bytes = session.core.guard.turn_bytes
        self._session = session
        self._codec = codec
        self._waiting: deque[tuple[int, bytes | Fault | FrameError]] = deque()
        self._waiting_bytes = 0

    def __repr__(self) -> str:
        return f"<BoundSocket {self.transport_name} {self._session!r}>"

    # -- receiver

    @property
    def ready(self) -> bool:
        """Whether the client takes data."""
        return self._connection.is_writable

    def deliver(self, batch: Batch) -> None:
        """Written is delivered: nothing is kept for later. Behind the end each step counts, since
        what is left has so much time."""
        self._connection.write(self._codec.encode(batch))
        if self._session.core.is_open:
            self._session.core.down.acknowledge(batch.last)
        else:
            self._session.acknowledge(batch.last)

    def displaced(self) -> None:
        """Never: nobody else knows this session."""

    def ended(self, end: End) -> bool:
        """The number of the close code, its name in the reason."""
        self._connection.close(end.websocket_status, end.websocket_reason)
        return True

    def log_full(self) -> None:
        """Written is acknowledged: the client need not be told."""

    def daemon_ready(self) -> None:
        """Take data from the client again, what has waited first."""
        try:
            while self._waiting and self._take_waiting():
                pass
        except FrameError as error:
            self._fail(error)
        if self._waiting_bytes <= self._session.config.max_unacked_bytes:
            self._connection.resume_reading(Hold.DAEMON)

    # -- listener

    def opened(self, connection: WebSocketConnection) -> None:
        """Begin with what the daemon has already said."""
        self._connection = connection
        self._session.attach(self, 0)

    def messages(self, opcode: int, payloads: list[bytes], final: bool) -> None:
        """Data for the daemon. After the end it is dropped: the client has not read as far yet."""
        if not self._session.core.is_open:
            return
        if self._session.sluice is not None:
            self._line_up(opcode, payloads, final)
            return
        try:
            for item in self._codec.feed(opcode, payloads, final):
                self._accept(opcode, item)
        except FrameError as error:
            self._fail(error)
        if not self._session.writable:
            self._connection.pause_reading(Hold.DAEMON)

    def drained(self) -> None:
        """Send what has gathered."""
        self._session.push()

    def beat(self) -> None:
        """The Ping says it all."""

    def lost(self) -> None:
        """The session ends with its socket. What the client sent before goes first."""
        try:
            while self._waiting:
                self._take_waiting(at_once=True)
        except FrameError:
            self._drop_waiting()
        self._session.detach(self)
        self._session.close()

    def _accept(self, opcode: int, item: bytes | Fault) -> None:
        if isinstance(item, Fault):
            raise breach(item, opcode)
        if not self._codec.is_checked:
            self._session.send_bytes(item)
            return
        for refusal in self._session.send(self._session.core.up.accepted + 1, item):
            raise breach(refusal.fault, opcode)

    # -- limits

    def _line_up(self, opcode: int, payloads: list[bytes], final: bool) -> None:
        """Let it wait for room, faults too. Reading goes on until much waits: a client that is no
        longer read neither has its Pings answered nor is its end heard of."""
        try:
            for item in self._codec.feed(opcode, payloads, final):
                self._waiting.append((opcode, item))
                self._waiting_bytes += size_of(item)
        except FrameError as error:
            self._waiting.append((opcode, error))
        self.daemon_ready()
        if self._waiting_bytes > self._session.config.max_unacked_bytes:
            self._connection.pause_reading(Hold.DAEMON)

    def _take_waiting(self, *, at_once: bool = False) -> bool:
        """Accept the first that waits, as much of it as there is room for; returns whether that was
        anything. Raises `FrameError`."""
        opcode, item = self._waiting.popleft()
        if isinstance(item, FrameError):
            raise item
        if isinstance(item, Fault):
            self._accept(opcode, item)
            return True
        room = self._force(item) if at_once else self._session.room_for(item)
        if room < len(item):
            self._waiting.appendleft((opcode, item[room:]))
        self._waiting_bytes -= room
        if room:
            self._accept(opcode, item[:room])
        return room > 0

    def _force(self, data: bytes) -> int:
        if self._session.sluice is not None:
            self._session.sluice.force(data)
        return len(data)

    def _drop_waiting(self) -> None:
        self._waiting.clear()
        self._waiting_bytes = 0

    def _fail(self, error: FrameError) -> None:
        self._drop_waiting()
        self._connection.close(error.status, error.reason)
        self._session.detach(self)
        self._session.end(CloseCode.CLIENT_CLOSED, error.reason)


def size_of(item: bytes | Fault) -> int:
    """The bytes of what waits."""
    return 0 if isinstance(item, Fault) else len(item)

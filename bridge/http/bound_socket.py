"""A WebSocket that is its session's only client: the session ends when the socket does."""

from bridge.errors import CloseCode, End
from bridge.http.websocket import Hold, WebSocketConnection
from bridge.protocol.bound_codecs import BoundCodec, breach
from bridge.protocol.checks import Fault
from bridge.protocol.down_log import Batch
from bridge.protocol.frames import FrameError
from bridge.tunnel.session import Session


class BoundSocket:
    """Receiver and endpoint of a session that nobody can resume; its codec is its form."""

    _connection: WebSocketConnection

    def __init__(self, session: Session, codec: BoundCodec, transport_name: str) -> None:
        self.transport_name = transport_name
        self.turn_bytes = session.core.guard.turn_bytes
        self._session = session
        self._codec = codec

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

    def daemon_ready(self) -> None:
        """Take data from the client again."""
        self._connection.resume_reading(Hold.DAEMON)

    # -- endpoint

    def opened(self, connection: WebSocketConnection) -> None:
        """Begin with what the daemon has already said."""
        self._connection = connection
        self._session.attach(self, 0)

    def messages(self, opcode: int, payloads: list[bytes], final: bool) -> None:
        """Data for the daemon. After the end it is dropped: the client has not read as far yet."""
        if not self._session.core.is_open:
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
        """The session ends with its socket."""
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

    def _fail(self, error: FrameError) -> None:
        self._connection.close(error.status, error.reason)
        self._session.detach(self)
        self._session.end(CloseCode.CLIENT_CLOSED, error.reason)

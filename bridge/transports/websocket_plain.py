"""Plain WebSocket: one frame is one message, both ways; the session ends with the socket.

For clients that know nothing of this bridge: a few lines of JavaScript, websocat, old libraries.
"""

from aiohttp import web

from bridge.errors import ENDS, CloseCode
from bridge.http.gate import Gate, subprotocols
from bridge.http.takeover import Takeover
from bridge.http.websocket import WebSocketConnection
from bridge.protocol.checks import NOT_UTF8, Fault
from bridge.protocol.down_log import Batch
from bridge.protocol.frames import BINARY, TEXT, CloseStatus, header
from bridge.protocol.framing import ZERO, split
from bridge.protocol.handshake import PLAIN, check_upgrade
from bridge.tunnel.session import Session

INNER_ZERO = Fault("bad-encoding", "a frame is one message, a zero byte may only end it")


class PlainSocket:
    """Receiver and endpoint of a session that nobody can resume."""

    transport_name = "websocket-plain"

    def __init__(self, session: Session) -> None:
        self._session = session
        self._opcode = TEXT if session.core.guard.is_text else BINARY
        self._pieces: list[bytes] = []
        self._pieces_bytes = 0

    # -- receiver

    @property
    def ready(self) -> bool:
        """Whether the client takes data."""
        return self._connection.is_writable

    def deliver(self, batch: Batch) -> None:
        """A frame for each message, in one write; nothing is kept for later."""
        frames: list[bytes] = []
        for message in split(batch.data):
            frames.append(header(self._opcode, len(message)))
            frames.append(message)
        self._connection.write(b"".join(frames))
        self._session.acknowledge(batch.last)

    def displaced(self) -> None:
        """Never: nobody else knows this session."""

    def ended(self, code: CloseCode, detail: str) -> None:
        """The close code's number, its name as the reason."""
        self._connection.close(ENDS[code].websocket, code)

    def daemon_ready(self) -> None:
        """Take messages from the client again."""
        self._connection.resume_reading()

    # -- endpoint

    def opened(self, connection: WebSocketConnection) -> None:
        """Begin with what the daemon has already said."""
        self._connection = connection
        self._session.attach(self, 0)

    def message(self, opcode: int, payload: bytes, final: bool) -> None:
        """A message for the daemon, or a piece of one."""
        if opcode != self._opcode:
            kind = "text" if self._opcode == TEXT else "binary"
            self._fail(CloseStatus.UNSUPPORTED_DATA, f"messages go in {kind} frames here")
            return
        if not final or self._pieces:
            self._pieces.append(payload)
            self._pieces_bytes += len(payload)
            if self._pieces_bytes > self._session.config.max_message_bytes + 1:
                self._refuse(self._session.core.guard.oversize())
                return
            if not final:
                return
            payload = b"".join(self._pieces)
            self._pieces, self._pieces_bytes = [], 0
        self._send(payload if payload.endswith(ZERO) else payload + ZERO)

    def writable(self) -> None:
        """Send what has gathered."""
        self._session.push()

    def beat(self) -> None:
        """The Ping says it all."""

    def lost(self) -> None:
        """The session ends with its socket."""
        self._session.detach(self)
        self._session.close()

    def _send(self, message: bytes) -> None:
        session = self._session
        if message.count(ZERO) > 1:
            self._refuse(INNER_ZERO)
            return
        refusal = session.send(session.core.up.accepted + 1, message).refusal
        if refusal is not None:
            self._refuse(refusal.fault)
        elif not session.writable:
            self._connection.pause_reading()

    def _refuse(self, fault: Fault) -> None:
        if fault.code == "message-too-big":
            status = CloseStatus.MESSAGE_TOO_BIG
        elif fault == NOT_UTF8 and self._opcode == TEXT:
            status = CloseStatus.INVALID_DATA
        else:
            status = CloseStatus.POLICY_VIOLATION
        self._fail(status, f"{fault.code}: {fault.detail}")

    def _fail(self, status: CloseStatus, reason: str) -> None:
        self._connection.close(status, reason)
        self._session.detach(self)
        self._session.end(CloseCode.CLIENT_CLOSED, reason)


class WebSocketPlain:
    """`GET /v1/daemons/{daemon}/websocket` without `xmlsocket.v1`."""

    def __init__(self, gate: Gate, takeover: Takeover) -> None:
        self._gate = gate
        self._takeover = takeover

    async def open(self, request: web.Request) -> web.StreamResponse:
        """101 once the daemon's connection stands."""
        daemon = self._gate.daemon(request)
        check_upgrade(request.headers)
        session = await self._gate.registry.open(
            daemon, PlainSocket.transport_name, resumable=False
        )
        subprotocol = PLAIN if PLAIN in subprotocols(request) else None
        return self._takeover.run(request, PlainSocket(session), subprotocol)

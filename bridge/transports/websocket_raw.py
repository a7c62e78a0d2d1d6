"""Raw WebSocket: the daemon's TCP byte stream in binary frames, zero bytes included.

What Ruffle's `socketProxy` and websockify's clients speak. Frames mean nothing here; up messages
are still looked at, unless the daemon's are `bytes`, so that no transport goes round the guard.
"""

from aiohttp import web

from bridge.errors import ENDS, CloseCode
from bridge.http.gate import Gate, subprotocols
from bridge.http.takeover import Takeover
from bridge.http.websocket import WebSocketConnection
from bridge.protocol.checks import Fault
from bridge.protocol.down_log import Batch
from bridge.protocol.frames import BINARY, CloseStatus
from bridge.protocol.framing import MessageDecoder, Oversize
from bridge.protocol.handshake import BINARY as BINARY_SUBPROTOCOL
from bridge.protocol.handshake import check_upgrade
from bridge.tunnel.session import Session


class RawSocket:
    """Receiver and endpoint of a session that nobody can resume."""

    transport_name = "websocket-raw"

    def __init__(self, session: Session) -> None:
        self._session = session
        guard = session.core.guard
        self._decoder = MessageDecoder(guard.max_message_bytes) if guard.is_text else None

    # -- receiver

    @property
    def ready(self) -> bool:
        """Whether the client takes data."""
        return self._connection.is_writable

    def deliver(self, batch: Batch) -> None:
        """The bytes as they came; nothing is kept for later."""
        self._connection.send(BINARY, batch.data)
        self._session.acknowledge(batch.last)

    def displaced(self) -> None:
        """Never: nobody else knows this session."""

    def ended(self, code: CloseCode, detail: str) -> None:
        """The close code's number, its name as the reason."""
        self._connection.close(ENDS[code].websocket, code)

    def daemon_ready(self) -> None:
        """Take bytes from the client again."""
        self._connection.resume_reading()

    # -- endpoint

    def opened(self, connection: WebSocketConnection) -> None:
        """Begin with what the daemon has already said."""
        self._connection = connection
        self._session.attach(self, 0)

    def message(self, opcode: int, payload: bytes, final: bool) -> None:
        """The next bytes of the client's stream."""
        if opcode != BINARY:
            self._fail(CloseStatus.UNSUPPORTED_DATA, "bytes go in binary frames here")
            return
        if self._decoder is None:
            self._session.send_bytes(payload)
        else:
            self._send_guarded(self._decoder, payload)
        if not self._session.writable:
            self._connection.pause_reading()

    def writable(self) -> None:
        """Send what has gathered."""
        self._session.push()

    def beat(self) -> None:
        """The Ping says it all."""

    def lost(self) -> None:
        """The session ends with its socket."""
        self._session.detach(self)
        self._session.close()

    def _send_guarded(self, decoder: MessageDecoder, payload: bytes) -> None:
        session = self._session
        try:
            batch, fault = decoder.feed(payload), None
        except Oversize as oversize:
            batch, fault = oversize.before, session.core.guard.oversize()
        refusal = session.send(session.core.up.accepted + 1, batch).refusal
        if refusal is not None:
            fault = refusal.fault
        if fault is not None:
            self._refuse(fault)

    def _refuse(self, fault: Fault) -> None:
        too_big = fault.code == "message-too-big"
        status = CloseStatus.MESSAGE_TOO_BIG if too_big else CloseStatus.POLICY_VIOLATION
        self._fail(status, f"{fault.code}: {fault.detail}")

    def _fail(self, status: CloseStatus, reason: str) -> None:
        self._connection.close(status, reason)
        self._session.detach(self)
        self._session.end(CloseCode.CLIENT_CLOSED, reason)


class WebSocketRaw:
    """`GET /v1/daemons/{daemon}/raw`."""

    def __init__(self, gate: Gate, takeover: Takeover) -> None:
        self._gate = gate
        self._takeover = takeover

    async def open(self, request: web.Request) -> web.StreamResponse:
        """101 once the daemon's connection stands."""
        daemon = self._gate.daemon(request)
        check_upgrade(request.headers)
        session = await self._gate.registry.open(
            daemon, RawSocket.transport_name, resumable=False, framed=False
        )
        subprotocol = BINARY_SUBPROTOCOL if BINARY_SUBPROTOCOL in subprotocols(request) else None
        return self._takeover.run(request, RawSocket(session), subprotocol)

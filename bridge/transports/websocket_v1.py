"""`xmlsocket.v1`: a resumable WebSocket. Data frames are batches, control frames are JSON."""

from collections import deque
from typing import Final

from aiohttp import web

from bridge.errors import DISPLACED, End, Problem
from bridge.http.client_address import client_of
from bridge.http.credentials import subprotocols
from bridge.http.gate import Gate
from bridge.http.parameters import integer
from bridge.http.takeover import Takeover, check_handshake
from bridge.http.websocket import Hold, WebSocketConnection
from bridge.loop.deadline import Deadline
from bridge.protocol import control
from bridge.protocol.checks import NOT_UTF8, Fault
from bridge.protocol.down_log import Batch, Gap
from bridge.protocol.frames import TEXT, CloseStatus, FrameError, data_opcode
from bridge.protocol.framing import count
from bridge.protocol.handshake import V1
from bridge.protocol.up_log import Refusal
from bridge.protocol.v1_decoder import ControlText, V1Decoder
from bridge.tunnel.session import Session
from bridge.tunnel.terms import terms_of

MAX_ACK_BYTES: Final = 1 << 16
"""So much unacknowledged data brings an acknowledgement at once, or half of what a client may have
out, or it would stand still until the next is due."""
WINDOWS: Final = 2
"""Twice `max_unacked_bytes`: a client may count its messages without their zero bytes."""
ACK_DELAY_S: Final = 0.5
"""The contract gives it a second, at the client's end of the line."""


class V1Socket:
    """One socket of a session: its receiver, and the sender of numbers from its own open frame."""

    transport_name: Final = "websocket"
    _connection: WebSocketConnection

    def __init__(self, session: Session, after: int) -> None:
        guard = session.core.guard
        self.turn_bytes = guard.turn_bytes
        self._session = session
        self._after = after
        self._decoder = V1Decoder(guard)
        self._opcode = data_opcode(guard.is_text)
        self._next_up = session.core.up.accepted + 1
        self._unacked_bytes = 0
        self._ack_bytes = min(MAX_ACK_BYTES, session.config.max_unacked_bytes // 2)
        self._ack_deadline = Deadline(self._send_ack)
        self._pending: deque[bytearray | Fault] = deque()
        self._pending_bytes = 0
        self._pending_messages = 0
        self._is_accepting = False

    def __repr__(self) -> str:
        return f"<V1Socket next_up={self._next_up} {self._session!r}>"

    # -- receiver

    @property
    def ready(self) -> bool:
        """Whether the client takes data."""
        return self._connection.is_writable

    def deliver(self, batch: Batch) -> None:
        """One data frame for a batch."""
        self._connection.send(self._opcode, batch.data)

    def displaced(self) -> None:
        """A newer receiver took over."""
        self._connection.close(DISPLACED, "displaced")

    def ended(self, end: End) -> bool:
        """The last acknowledgement, the close code, the end."""
        self._send_ack()
        self._connection.send(TEXT, control.close(end))
        self._connection.close(end.websocket_status, end.websocket_reason)
        return True

    def log_full(self) -> None:
        """Acknowledging is the client's business, and it has something to acknowledge."""

    def daemon_ready(self) -> None:
        """Accept what had to wait, in turns."""
        if self._pending and not self._is_accepting:
            self._is_accepting = True
            self._session.turns.wait(self._take_turn)
        self._read_on()

    # -- listener

    def opened(self, connection: WebSocketConnection) -> None:
        """The open frame goes first, then the log follows."""
        self._connection = connection
        up = self._session.core.up
        opening = control.opened(terms_of(self._session), up.accepted, self._after + 1)
        connection.send(TEXT, opening)
        if up.refusal is not None:
            connection.send(TEXT, control.reject(up.refusal))
        self._session.attach(self, self._after)

    def messages(self, opcode: int, payloads: list[bytes], final: bool) -> None:
        """Messages for the daemon, or control frames."""
        try:
            for item in self._decoder.feed(opcode, payloads, final):
                if isinstance(item, ControlText):
                    self._control(item.text)
                elif self._pending or not self._session.writable:
                    self._wait_for_room(item)
                else:
                    self._accept(item)
        except FrameError as error:
            self._fail(error)
        if self._pending and self._overruns:
            self._connection.pause_reading(Hold.DAEMON)
        if self._pending and self._session.sluice is not None:
            self.daemon_ready()

    def drained(self) -> None:
        """Send what has gathered."""
        self._session.push()

    def beat(self) -> None:
        """Tell the client that the link lives."""
        self._send_ack()

    def lost(self) -> None:
        """The session waits for another receiver."""
        self._ack_deadline.cancel()
        self._session.detach(self)

    # -- up

    def _accept(self, item: bytes | Fault) -> None:
        """Offer a batch; a refused message uses its number up, and those after it go on."""
        if not self._session.core.is_open:
            return
        if isinstance(item, Fault):
            self._refuse_unseen(item)
        else:
            self._offer(item)
        if self._unacked_bytes >= self._ack_bytes:
            self._send_ack()
        elif not self._ack_deadline.running:
            self._ack_deadline.start(ACK_DELAY_S)

    def _offer(self, batch: bytes) -> None:
        first, up = self._next_up, self._session.core.up
        is_new = first == up.accepted + 1
        self._unacked_bytes += len(batch)
        for refusal in self._session.send(first, batch):
            self._reject(refusal)
        self._next_up = up.accepted + 1 if is_new else first + count(batch)

    def _refuse_unseen(self, fault: Fault) -> None:
        if self._next_up > self._session.core.up.accepted:
            self._reject(self._session.refuse(fault))
        self._next_up += 1

    def _reject(self, refusal: Refusal) -> None:
        if refusal.fault == NOT_UTF8:
            raise FrameError(CloseStatus.INVALID_DATA, "a text frame must be UTF-8")
        self._connection.reply(TEXT, control.reject(refusal))

    def _wait_for_room(self, item: bytes | Fault) -> None:
        if isinstance(item, Fault):
            self._pending.append(item)
        elif (last := self._last_pending) is not None and len(last) < self.turn_bytes:
            last += item
        else:
            self._pending.append(bytearray(item))
        self._count_pending(item, 1)

    @property
    def _last_pending(self) -> bytearray | None:
        last = self._pending[-1] if self._pending else None
        return last if isinstance(last, bytearray) else None

    def _take_turn(self) -> None:
        """Accept one of those that wait, or as much of it as there is room for, unless somebody
        else has the session by now."""
        self._is_accepting = False
        if not self._pending or self._session.receiver is not self:
            return
        room = self._room_for_first()
        if not room:
            return
        try:
            self._accept_pending(room)
        except FrameError as error:
            self._fail(error)
        self.daemon_ready()

    def _room_for_first(self) -> int:
        first = self._pending[0]
        return 1 if isinstance(first, Fault) else self._session.room_for(bytes(first))

    def _read_on(self) -> None:
        if not self._overruns:
            self._connection.resume_reading(Hold.DAEMON)

    def _accept_pending(self, room: int) -> None:
        item = self._pending.popleft()
        if isinstance(item, Fault):
            self._count_pending(item, -1)
            self._accept(item)
            return
        if room < len(item):
            self._pending.appendleft(item[room:])
        portion = bytes(item[:room])
        self._count_pending(portion, -1)
        self._accept(portion)

    def _count_pending(self, item: bytes | bytearray | Fault, sign: int) -> None:
        size, messages = size_of(item)
        self._pending_bytes += sign * size
        self._pending_messages += sign * messages

    @property
    def _overruns(self) -> bool:
        """Whether more waits than a client may leave unacknowledged, one longer message apart."""
        begun_bytes = self._decoder.held_bytes
        messages = self._pending_messages + (begun_bytes > 0)
        waiting_bytes = self._pending_bytes + begun_bytes
        return messages > 1 and waiting_bytes > WINDOWS * self._session.config.max_unacked_bytes

    # -- control

    def _control(self, text: bytes) -> None:
        try:
            message = control.decode(text)
            if message.ack is not None:
                self._session.acknowledge(message.ack)
        except UnicodeDecodeError:
            raise FrameError(CloseStatus.INVALID_DATA, "a text frame must be UTF-8") from None
        except (control.BadControl, Gap) as error:
            raise FrameError(CloseStatus.PROTOCOL_ERROR, str(error)) from None
        if message.close:
            while self._pending:  # what the client sent before goes first, however slow the daemon
                self._accept_at_once()
            self._session.close()

    def _accept_at_once(self) -> None:
        first = self._pending[0]
        if self._session.sluice is not None and not isinstance(first, Fault):
            self._session.sluice.force(bytes(first))
        self._accept_pending(1 if isinstance(first, Fault) else len(first))

    def _send_ack(self) -> None:
        self._ack_deadline.cancel()
        self._unacked_bytes = 0
        self._connection.send(TEXT, control.ack(self._session.core.up.accepted))

    def _fail(self, error: FrameError) -> None:
        """The client broke a rule: the socket ends, the session stays."""
        self._connection.close(error.status, error.reason)
        self._ack_deadline.cancel()
        self._session.detach(self)


def size_of(item: bytes | bytearray | Fault) -> tuple[int, int]:
    """Bytes and messages of an item that waits for the daemon."""
    return (0, 1) if isinstance(item, Fault) else (len(item), item.count(0))


class WebSocketV1:
    """`GET /v1/daemons/{daemon}/websocket` and `/v1/sessions/{id}/websocket`."""

    def __init__(self, gate: Gate, takeover: Takeover) -> None:
        self._gate = gate
        self._takeover = takeover

    async def open(self, request: web.Request) -> web.StreamResponse:
        """101 on a new session, once the daemon's connection stands."""
        daemon = self._gate.daemon(request)
        check_handshake(request)
        session = await self._gate.registry.open(
            daemon, V1Socket.transport_name, client=client_of(request)
        )
        return self._takeover.run(request, V1Socket(session, 0), V1)

    async def attach(self, request: web.Request) -> web.StreamResponse:
        """101 on a session that there is, from message `ack + 1` on."""
        session = self._gate.session(request)
        ack = integer(request, "ack")
        if ack is not None:
            session.core.down.check(ack)
        check_handshake(request)
        if V1 not in subprotocols(request):
            raise Problem("bad-handshake", f"attaching takes the subprotocol {V1}")
        after = session.core.down.acknowledged if ack is None else ack
        session.acknowledge(after)
        if session.core.tail_received and session.core.end is not None:
            session.told()
            raise session.core.end.problem
        return self._takeover.run(request, V1Socket(session, after), V1)

"""The one-shot exchange: open, send, gather the replies, close, all in one request."""

import asyncio

from aiohttp import web

from bridge.config import Config
from bridge.errors import CloseCode, Problem
from bridge.http.bodies import answers_json, check_media_types, read_messages
from bridge.http.gate import Gate
from bridge.http.parameters import integer, seconds
from bridge.protocol.bodies import JSON, XMLSOCKET, UpBody, encode_json
from bridge.protocol.checks import Guard
from bridge.protocol.down_log import Batch
from bridge.protocol.framing import offset_of
from bridge.tunnel.sending import Send
from bridge.tunnel.session import Session

DEFAULT_TIMEOUT_S = 5.0


class ReplyReceiver:
    """Gathers replies until there are enough, the log's bound is reached, or the session ends."""

    transport_name = "exchange"

    def __init__(self, replies: int, max_bytes: int) -> None:
        self.batch = b""
        self.end = "timeout"
        self.done = asyncio.Event()
        self._replies = replies
        self._max_bytes = max_bytes
        self._count = 0
        if not replies:
            self._finish("replies")

    @property
    def ready(self) -> bool:
        """Whether more is wanted."""
        return not self.done.is_set()

    def deliver(self, batch: Batch) -> None:
        """Take what is wanted of it."""
        wanted = min(self._replies - self._count, batch.last - batch.first + 1)
        self.batch += batch.data[: offset_of(batch.data, wanted)]
        self._count += wanted
        if self._count == self._replies:
            self._finish("replies")
        elif len(self.batch) >= self._max_bytes:
            self._finish("full")

    def displaced(self) -> None:
        """Never: nobody else knows this session."""

    def ended(self, code: CloseCode, detail: str) -> None:
        """The daemon has nothing more to say."""
        self._finish("closed")

    def daemon_ready(self) -> None:
        """The send waits for itself."""

    def _finish(self, end: str) -> None:
        self.end = end
        self.done.set()


class Exchange:
    """`POST /v1/daemons/{daemon}/exchange`."""

    def __init__(self, gate: Gate, config: Config) -> None:
        self._gate = gate
        self._config = config

    async def exchange(self, request: web.Request) -> web.Response:
        """200 with the replies. A message that is refused is refused before anything is opened."""
        daemon = self._gate.daemon(request)
        replies = integer(request, "replies")
        timeout_s = seconds(request, "timeout", default=DEFAULT_TIMEOUT_S, most=self._config.wait_s)
        check_media_types(request, daemon, up=True, down=True)
        body = await read_messages(request, self._config, daemon.guard)
        refuse_faults(daemon.guard, body)
        receiver = ReplyReceiver(
            1 if replies is None else replies, self._config.log_high_water_bytes
        )
        session = await self._gate.registry.open(daemon, "exchange", resumable=False)
        try:
            await self._run(session, receiver, body, timeout_s)
        finally:
            session.detach(receiver)
            session.close()
        return answer(request, session, receiver)

    async def _run(
        self, session: Session, receiver: ReplyReceiver, body: UpBody, timeout_s: float
    ) -> None:
        session.attach(receiver, 0)
        try:
            async with asyncio.timeout(timeout_s):
                await Send(session, receives=True).run(1, body)
                await receiver.done.wait()
        except (TimeoutError, Problem):
            pass  # a daemon that takes nothing (`slow-daemon`) gives no replies in time either


def refuse_faults(guard: Guard, body: UpBody) -> None:
    """Raise `Problem` for the first message that the guard refuses."""
    located = guard.first_fault(body.batch)
    position = body.batch.count(0) if located is None else located.position
    fault = body.fault if located is None else located.fault
    if fault is not None:
        raise Problem(fault.code, fault.detail, members={"message": position + 1})


def answer(request: web.Request, session: Session, receiver: ReplyReceiver) -> web.Response:
    """The replies, and why there are no more."""
    headers = {
        "XMLSocket-End": receiver.end,
        "XMLSocket-First": "1",
        "XMLSocket-Ack": str(session.core.up.accepted),
    }
    if answers_json(request):
        body = encode_json(1, receiver.batch, session.core.up.accepted)
        return web.Response(body=body, content_type=JSON, headers=headers)
    return web.Response(body=receiver.batch, content_type=XMLSOCKET, headers=headers)

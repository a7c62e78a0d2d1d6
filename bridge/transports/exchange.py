"""The one-shot exchange: open, send, gather the replies, close, all in one request."""

import asyncio
from typing import Final

from aiohttp import web

from bridge.config import Config
from bridge.errors import CloseCode, End, Problem
from bridge.http.answer import Answer
from bridge.http.bodies import check_media_types, messages_answer
from bridge.http.client_address import client_of
from bridge.http.gate import Gate
from bridge.http.parameters import integer, seconds
from bridge.http.problems import refused
from bridge.http.upload import Upload
from bridge.protocol.bodies import UpBody
from bridge.protocol.checks import Guard
from bridge.protocol.down_log import Batch
from bridge.protocol.framing import ZERO, chunks, count, offset_of
from bridge.protocol.up_log import Refusal
from bridge.tunnel.sending import Send
from bridge.tunnel.session import Session

DEFAULT_TIMEOUT_S: Final = 5.0
"""Of the contract's own example."""


class ReplyReceiver:
    """Gathers replies until there are enough, the log's bound is reached, or the session ends."""

    transport_name = "exchange"

    def __init__(self, wanted: int, max_bytes: int) -> None:
        self.replies = bytearray()
        self.end = "timeout"
        self.done = asyncio.Event()
        self._wanted = wanted
        self._max_bytes = max_bytes
        self._count = 0
        if not wanted:
            self._finish("replies")

    @property
    def ready(self) -> bool:
        """Whether more is wanted."""
        return not self.done.is_set()

    def deliver(self, batch: Batch) -> None:
        """Take what is wanted of it, up to the message with which the bound is reached."""
        reaches = batch.data.find(ZERO, self._max_bytes - len(self.replies) - 1) + 1
        data = batch.data[:reaches] if reaches else batch.data
        wanted = min(self._wanted - self._count, count(data))
        self.replies += data[: offset_of(data, wanted)]
        self._count += wanted
        if self._count == self._wanted:
            self._finish("replies")
        elif len(self.replies) >= self._max_bytes:
            self._finish("full")

    def displaced(self) -> None:
        """Never: nobody else knows this session."""

    def ended(self, end: End) -> bool:
        """The daemon has nothing more to say."""
        self._finish("closed")
        return True

    def log_full(self) -> None:
        """Delivered is acknowledged: this is the client's whole answer."""

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

    async def exchange(self, request: web.Request) -> Answer:
        """200 with the replies. A message that is refused is refused before anything is opened."""
        daemon = self._gate.daemon(request)
        replies = integer(request, "replies")
        timeout_s = seconds(request, "timeout", default=DEFAULT_TIMEOUT_S, most=self._config.wait_s)
        check_media_types(request, daemon, up=True, down=True)
        registry = self._gate.registry
        upload = Upload(request, self._config, daemon.guard, registry.bodies, registry.turns)
        receiver = ReplyReceiver(
            1 if replies is None else replies, self._config.log_high_water_bytes
        )
        async with upload.whole() as body:
            await refuse_faults(daemon.guard, body)
            session = await registry.open(
                daemon, "exchange", client=client_of(request), resumable=False
            )
            accepted = await self._run(session, receiver, body, timeout_s)
        headers = {"XMLSocket-End": receiver.end, "XMLSocket-Ack": str(accepted)}
        return messages_answer(request, 1, bytes(receiver.replies), accepted, headers)

    async def _run(
        self, session: Session, receiver: ReplyReceiver, body: UpBody, timeout_s: float
    ) -> int:
        """Send, gather, and close; returns the highest up number accepted."""
        try:
            await self._gather(session, receiver, body, timeout_s)
        finally:
            session.detach(receiver)
            session.end(CloseCode.CLIENT_CLOSED, f"the exchange is over: {receiver.end}")
            session.close()
        return session.core.up.accepted

    async def _gather(
        self, session: Session, receiver: ReplyReceiver, body: UpBody, timeout_s: float
    ) -> None:
        session.attach(receiver, 0)
        try:
            async with asyncio.timeout(timeout_s):
                await Send(session, receives=False).run(1, body)
                await receiver.done.wait()
        except (TimeoutError, Problem):
            pass  # a daemon that takes nothing (`slow-daemon`) gives no replies in time either


async def refuse_faults(guard: Guard, body: UpBody) -> None:
    """Raise `Problem` for the first message that the guard refuses; others have their turn between
    the chunks."""
    number = 0
    for chunk in chunks(body.batch, guard.turn_bytes):
        for located in guard.faults(chunk):
            raise refused(Refusal(number + count(chunk[: located.end]), located.fault))
        number += count(chunk)
        await asyncio.sleep(0)
    if body.fault is not None:
        raise refused(Refusal(number + 1, body.fault))

"""The project's own asyncio client at a plan: what it does goes into the same books as what the
others do, and is judged by the same oracle."""

import asyncio
import random
from collections.abc import Callable
from typing import Final

from bridge.client import MessageRefused, NotOpened, Options, SessionEnded, Transport, XmlSocket
from tests.soak.client import FORGOTTEN, ResumingClient, Violation
from tests.soak.legs import first_to_break
from tests.soak.plan import Plan

OPEN_S: Final = 1.0
RETURN_S: Final = 0.7
LOOK_S: Final = 0.05
"""How often the silence is measured."""

TRANSPORTS: Final[tuple[Transport, ...]] = ("websocket", "event-stream", "long-poll")


class LibraryClient:
    """Opens a session by `bridge.client`, sends and receives all there is, and closes when
    `is_done`, unless the session ends before."""

    def __init__(self, plan: Plan, client: ResumingClient, is_done: Callable[[], bool]) -> None:
        self._client = client
        self._is_done = is_done
        self._silences_s = [0.0]
        self._options = Options(
            messages=plan.kind,
            transports=transports(client.rng, is_text=client.is_text),
            open_timeout_s=OPEN_S,
            return_after_s=RETURN_S,
            on_refused=self._refused,
        )

    async def run(self) -> None:
        """Returns when the session has ended. Raises `Violation` when a promise is broken."""
        client = self._client
        while client.end is None:
            connecting = XmlSocket.connect(client.http.url, client.daemon_name, self._options)
            try:
                async with connecting as socket:
                    client.heard()
                    await first_to_break(
                        self._receive(socket), self._send(socket), self._watch(socket)
                    )
                    await socket.close()
                self._conclude(socket)
            except NotOpened:
                await asyncio.sleep(client.rng.uniform(0, 0.1))

    def _conclude(self, socket: XmlSocket) -> None:
        """The books are closed."""
        self._client.accepted(socket.numbers.acknowledged)
        self._client.silences_s = self._silences_s
        assert socket.end is not None
        is_lost = socket.end.code in {"unknown-session", "unreachable"}
        code = FORGOTTEN if is_lost else socket.end.code
        if code in {"gap", "failed"}:
            raise Violation(f"{socket.end}: {self._client!r}")
        self._client.end = code

    async def _receive(self, socket: XmlSocket) -> None:
        try:
            while True:
                await socket.until(lambda: socket.has_message or self._may_close(socket))
                if not socket.has_message:
                    return
                message = await socket.receive()
                data = message.encode() if isinstance(message, str) else message
                self._client.take(len(self._client.got) + 1, [data])
        except SessionEnded:
            return

    def _may_close(self, socket: XmlSocket) -> bool:
        self._client.accepted(socket.numbers.acknowledged)
        return self._is_done()

    async def _send(self, socket: XmlSocket) -> None:
        try:
            for number, message in enumerate(self._client.up, 1):
                self._client.sent(number)
                assert await socket.send(message) == number
        except SessionEnded:
            pass  # the receiving side takes what is left
        await asyncio.Event().wait()

    async def _watch(self, socket: XmlSocket) -> None:
        """Measures how long nothing came from the bridge."""
        before = socket.heard_at
        while True:
            await asyncio.sleep(LOOK_S)
            now = asyncio.get_running_loop().time()
            self._silences_s += [socket.heard_at - before, now - socket.heard_at]
            before = socket.heard_at

    def _refused(self, refusal: MessageRefused) -> None:
        self._client.reject(refusal.number)


def transports(rng: random.Random, *, is_text: bool) -> list[Transport]:
    """One to three of those that carry such messages, in any order."""
    known = [name for name in TRANSPORTS if is_text or name != "event-stream"]
    return rng.sample(known, rng.randint(1, len(known)))

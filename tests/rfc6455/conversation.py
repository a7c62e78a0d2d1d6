"""One WebSocket to the bridge, and what has come over it."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, Self

from yarl import URL

from tests.rfc6455 import reference
from tests.rfc6455.form import Form
from tests.rfc6455.frame import BINARY, CLOSE, PONG, TEXT
from tests.rfc6455.table.case import close
from tests.rfc6455.wire import ServerFrame, Wire
from tests.support.clients import Client, Session

CLOSE_NORMALLY: Final = close(1000).encode()


class Conversation:
    """The client's end. `opening` is the open frame of `xmlsocket.v1`."""

    def __init__(self, wire: Wire, form: Form) -> None:
        self.wire = wire
        self.opening: dict[str, Any] = {}
        self.pongs: list[bytes] = []
        self.status: int | None = None
        self._form = form
        self._payloads: list[bytes] = []

    @classmethod
    @asynccontextmanager
    async def opened(cls, base: URL, form: Form) -> AsyncIterator[Self]:
        """Shakes hands with the bridge at `base`; vanishes at the end."""
        url = URL(f"{base}{form.path}")
        async with Wire.upgraded(url, form.subprotocols) as wire:
            conversation = cls(wire, form)
            if form.is_v1:
                frame = await wire.read_frame()
                assert frame is not None
                conversation.opening = json.loads(frame.payload)
            yield conversation

    @property
    def messages(self) -> list[bytes]:
        """Those that have come back so far."""
        return self._form.messages(self._payloads)

    async def heard(self, n_messages: int, n_pongs: int) -> None:
        """Returns when there are so many, or when the bridge has closed."""
        await self._read_until(
            lambda: len(self.messages) >= n_messages and len(self.pongs) >= n_pongs
        )

    async def closed(self) -> None:
        """Returns when the Close frame has come."""
        await self._read_until(lambda: False)

    async def ended(self) -> None:
        """Returns when the Close frame has come and is answered, which ends the connection."""
        await self.closed()
        self.wire.write(CLOSE_NORMALLY)
        assert await self.wire.read_to_end() == b""

    async def _read_until(self, satisfied: Callable[[], bool]) -> None:
        while self.status is None and not satisfied():
            frame = await self.wire.read_frame()
            assert frame is not None, "the connection ended without a Close frame"
            self._take(frame)

    def _take(self, frame: ServerFrame) -> None:
        opcode, payload = frame
        if opcode == CLOSE:
            self.status = reference.status_of(payload)
        elif opcode == PONG:
            self.pongs.append(payload)
        elif not (self._form.is_v1 and opcode == TEXT and b"\0" not in payload):
            assert opcode in (TEXT, BINARY), frame
            assert opcode == self._form.opcode
            self._payloads.append(payload)


async def end_session(client: Client, conversation: Conversation) -> None:
    """One of `xmlsocket.v1` outlives its socket, whatever became of that."""
    if conversation.opening:
        opened = conversation.opening["open"]
        answer = await Session(client, opened["id"], opened["key"]).delete()
        assert answer.status == 204

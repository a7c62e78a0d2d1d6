"""The daemon's part: it echoes, floods, stalls, and ends its stream."""

import asyncio
import random
from collections.abc import Iterator
from functools import partial
from typing import Final

from tests.soak.author import Author, Ledger
from tests.soak.plan import Plan
from tests.support.daemon import DaemonConnection, ScriptedDaemon
from tests.support.deadline import Changes

PIECE_BYTES: Final = (1, 2, 7, 100, 1460, 9000, 65_536)
"""A stream is cut into writes of such sizes."""


class Role:
    """What the daemon does on one connection; `said` and `heard` are its logs."""

    def __init__(self, plan: Plan, connection: DaemonConnection, index: int) -> None:
        self.connection = connection
        self.said = Ledger()
        self.heard = Ledger()
        self.has_ended = False
        self.is_stalled_for_good = False
        self._part = plan.daemon
        self._author = Author(f"d{plan.seed}.{index}", plan.kind)
        self._rng = random.Random(f"daemon {plan.seed} {index}")
        self._outgoing = bytearray()
        self._sending: asyncio.Task[None] | None = None

    def __repr__(self) -> str:
        is_over = self.connection.is_lost or self.connection.is_at_eof
        return f"<Role {'over' if is_over else 'open'} said={self.said!r} heard={self.heard!r}>"

    def begin(self) -> None:
        """The connection stands."""
        for _ in range(self._part.flood):
            self._say()
        self._go_on()

    def hear(self, message: bytes) -> None:
        """The next message from the bridge."""
        self.heard.add(message)
        if self._part.echoes and not self.has_ended:
            self._say()
        self._go_on()

    def close(self) -> None:
        """The plan is over."""
        if self._sending is not None:
            self._sending.cancel()

    def _say(self) -> None:
        message = self._author.message(len(self.said) + 1)
        self.said.add(message)
        self._outgoing += message + b"\0"

    def _go_on(self) -> None:
        if self._part.stall_after == len(self.heard):
            asyncio.get_running_loop().call_soon(self._stall)
        if self._sending is None or self._sending.done():
            self._sending = asyncio.ensure_future(self._send())

    async def _send(self) -> None:
        """All that is to be said, as fast as the bridge takes it, and then maybe the end."""
        while self._outgoing and not self.connection.is_lost:
            await self.connection.send(self._pieces())
        if self._part.ending != "none" and len(self.heard) >= self._part.ends_after:
            self._end()

    def _pieces(self) -> Iterator[bytes]:
        while self._outgoing:
            size = self._rng.choice(PIECE_BYTES)
            piece = bytes(self._outgoing[:size])
            del self._outgoing[:size]
            yield piece

    def _end(self) -> None:
        if self.has_ended or self.connection.is_lost:
            return
        self.has_ended = True
        match self._part.ending:
            case "close":
                self.connection.close()
            case "half-close":
                self.connection.half_close()
            case "reset":
                self.connection.reset()

    def _stall(self) -> None:
        if not self.connection.transport.is_closing():
            self.connection.stall()
            if self._part.stalls_for_good:
                self.is_stalled_for_good = True
            else:
                asyncio.get_running_loop().call_later(self._part.stall_s, self._resume)

    def _resume(self) -> None:
        if not self.connection.transport.is_closing():
            self.connection.resume()


class Cast:
    """The roles of all connections of one plan, in the order of their arrival."""

    def __init__(self, plan: Plan, daemon: ScriptedDaemon) -> None:
        self.roles: list[Role] = []
        self._by_connection: dict[DaemonConnection, Role] = {}
        self._plan = plan
        self._changes = Changes()
        daemon.stays_after_eof = False
        daemon.on_connect = self._enter
        daemon.on_message = self._hear

    def between(self, client: str, got: Ledger) -> list[Role]:
        """The daemon's ends of the sessions of this client, by what either side heard."""
        return [
            role
            for role in self.roles
            if client == role.heard.writer
            or (got.writer is not None and got.writer == role.said.writer)
        ]

    async def ended(self, client: str, got: Ledger, *, is_heard: bool) -> None:
        """Returns once the bridge has ended those connections that the daemon still reads;
        `is_heard` says that there is one, even if the daemon has yet to read from it."""
        if is_heard:
            found = partial(self.between, client, got)
            await self._changes.until(lambda: bool(found()), f"the first message of {client}")
        for role in self.between(client, got):
            if not role.is_stalled_for_good:
                await role.connection.ended()

    def close(self) -> None:
        """The plan is over."""
        for role in self.roles:
            role.close()

    def _hear(self, connection: DaemonConnection, message: bytes) -> None:
        self._by_connection[connection].hear(message)
        self._changes.notify()

    def _enter(self, connection: DaemonConnection) -> None:
        role = Role(self._plan, connection, len(self.roles))
        self.roles.append(role)
        self._by_connection[connection] = role
        role.begin()

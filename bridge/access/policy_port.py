"""The port on which Flash Player asks for a policy: 843, or whichever is configured."""

import asyncio
import socket
from collections.abc import Callable
from typing import Final, cast

from bridge.access.policy_request import REQUEST
from bridge.host.accepting import Acceptor

MAX_CLIENTS: Final = 32
"""At a time, within the descriptors that are not the sessions'. One more, and the one that has been
here longest goes: who is honest has asked in its first packet."""
PATIENCE_S: Final = 3.0
"""To ask and to take the answer: as long as Flash Player itself waits."""


class PolicyPort:
    """Answers on these sockets with the policy, from `start` to `close`."""

    def __init__(self, sockets: list[socket.socket], policy: bytes) -> None:
        self._policy = policy
        self._clients: dict[Client, None] = {}  # in the order of their coming
        self._acceptor = Acceptor(sockets, self._client)

    def __repr__(self) -> str:
        return f"<PolicyPort clients={len(self._clients)}>"

    def start(self) -> None:
        """Answer."""
        self._acceptor.start()

    def close(self) -> None:
        """Answer no more; who is here is cut off."""
        self._acceptor.close()
        for client in list(self._clients):
            client.cut_off()

    def _client(self) -> "Client":
        if len(self._clients) >= MAX_CLIENTS:
            next(iter(self._clients)).cut_off()
        client = Client(self._policy, self._left)
        self._clients[client] = None
        return client

    def _left(self, client: "Client") -> None:
        self._clients.pop(client, None)


class Client(asyncio.Protocol):
    """One connection: the request, the answer, the end. Whatever else is sent ends it at once."""

    def __init__(self, policy: bytes, left: Callable[["Client"], None]) -> None:
        self._answer = policy + b"\0"
        self._left = left
        self._received = b""
        self._is_answered = False
        self._transport: asyncio.Transport | None = None
        loop = asyncio.get_running_loop()
        self._patience = loop.call_later(PATIENCE_S, self.cut_off)

    def cut_off(self) -> None:
        """Close at once, whatever has not been sent."""
        self._patience.cancel()
        self._left(self)
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the request, unless there has been no room for it meanwhile."""
        self._transport = cast(asyncio.Transport, transport)
        if self._patience.cancelled():
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Answer the request as soon as it is complete."""
        if self._transport is None or self._is_answered:
            return
        self._received += data[: len(REQUEST) + 1]
        if self._received == REQUEST:
            self._is_answered = True
            self._transport.write(self._answer)
            self._transport.close()
        elif not REQUEST.startswith(self._received):
            self.cut_off()

    def connection_lost(self, exc: Exception | None) -> None:
        """It has gone."""
        self._patience.cancel()
        self._left(self)

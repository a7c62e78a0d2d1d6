"""Closing with patience: what has been written shall arrive, but nobody is waited for forever."""

import asyncio

from bridge.loop.deadline import Deadline


class Linger:
    """Aborts a transport when its write buffer has not shrunk for `patience_s`, or is empty and the
    peer has still not closed its side."""

    __slots__ = ("_deadline", "_left_bytes", "_patience_s", "_transport")

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._transport: asyncio.Transport | None = None
        self._left_bytes = 0
        self._deadline = Deadline(self._expired)

    def start(self, transport: asyncio.Transport) -> None:
        """From now on the transport has to make progress."""
        self._transport = transport
        self._left_bytes = transport.get_write_buffer_size()
        self._deadline.start(self._patience_s)

    def cancel(self) -> None:
        """The transport is gone."""
        self._deadline.cancel()

    def _expired(self) -> None:
        assert self._transport is not None
        left = self._transport.get_write_buffer_size()
        if 0 < left < self._left_bytes:
            self.start(self._transport)
        else:
            self._transport.abort()

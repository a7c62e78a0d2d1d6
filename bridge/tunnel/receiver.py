"""The one seam between a session and the transports: whatever is attached is a `Receiver`."""

from typing import Protocol

from bridge.errors import End
from bridge.protocol.down_log import Batch


class Receiver(Protocol):
    """What a transport attaches to a session: a parked poll, an event stream, a socket.

    All calls come from the session, in the event loop, and must neither block nor raise. From
    `deliver` a receiver may call `Session.acknowledge`, from `daemon_ready` also `send` and
    `detach`; nothing else.
    """

    @property
    def transport_name(self) -> str:
        """The transport's name in log lines."""
        ...

    @property
    def ready(self) -> bool:
        """Whether `deliver` may be called now. Once it turns true again, the transport calls
        `Session.push`."""
        ...

    def deliver(self, batch: Batch) -> None:
        """Pass a batch on. It stays in the log until it is acknowledged."""
        ...

    def displaced(self) -> None:
        """A newer receiver has taken over; nothing more will come."""
        ...

    def ended(self, end: End) -> bool:
        """The session has ended and what was kept has been delivered, or its time is over: then
        this comes even while the receiver is not ready. Nothing more will come. Returns whether the
        client is told by it."""
        ...

    def log_full(self) -> None:
        """The daemon is not being read any more, until something is acknowledged."""
        ...

    def daemon_ready(self) -> None:
        """The daemon was slow and takes data again, or the limits allow it (`Session.room_for`)."""
        ...

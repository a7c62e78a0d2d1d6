"""What a program may ask for when it connects."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Literal

from bridge.client.errors import MessageRefused
from bridge.client.route import TRANSPORTS, Transport

Message = str | bytes
"""Text, or bytes where `Options.messages` says so."""

log = logging.getLogger("bridge.client")


def log_refusal(refusal: MessageRefused) -> None:
    """What happens to refusals that nobody has asked for."""
    log.warning("%s", refusal)


@dataclass(frozen=True, slots=True)
class Options:
    """The defaults are good for a daemon of text on the open Internet.

    `messages` is the daemon's kind, as the bridge is configured. `token` is shown when the session
    opens. `transports` are those allowed, the best one first; an event stream carries no bytes.

    `proxy` is a URL, and may hold user and password; `trust_env` takes it from HTTP_PROXY,
    HTTPS_PROXY, NO_PROXY and ~/.netrc, as aiohttp does. `ssl` says whom to trust; `headers` go with
    every request, for what stands in between.

    `on_refused` is called for each message that the bridge refused. A WebSocket may take
    `open_timeout_s` until data has come through; from another transport the best is tried again
    after `return_after_s`. `send` waits while `max_unsent_bytes` are unacknowledged, and from
    `max_held_bytes` on that the program has not received, the bridge is asked for no more.
    """

    messages: Literal["xml", "text", "bytes"] = "xml"
    token: str | None = field(default=None, repr=False)
    transports: Sequence[Transport] = TRANSPORTS
    proxy: str | None = field(default=None, repr=False)
    trust_env: bool = False
    ssl: SSLContext | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    on_refused: Callable[[MessageRefused], None] = log_refusal
    open_timeout_s: float = 5.0
    return_after_s: float = 30.0
    max_unsent_bytes: int = 1 << 20
    max_held_bytes: int = 1 << 20

    def __post_init__(self) -> None:
        if not self.usable_transports or not set(self.transports) <= set(TRANSPORTS):
            raise ValueError(f"transports must be some of {', '.join(TRANSPORTS)}")

    @property
    def is_text(self) -> bool:
        """Whether messages are text."""
        return self.messages != "bytes"

    @property
    def usable_transports(self) -> list[Transport]:
        """Those that carry this kind of messages."""
        return [name for name in self.transports if self.is_text or name != "event-stream"]

"""What the bridge answers when a session is opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from bridge.client.errors import Garbled


@dataclass(frozen=True, slots=True)
class Opening:
    """A session's name and key, and the bridge's limits. `key` opens the session to anybody: it
    belongs in no log."""

    id: str
    key: str
    wait_s: float
    resume_s: float
    heartbeat_s: float
    max_message_bytes: int
    max_unacked_bytes: int

    def __repr__(self) -> str:
        return f"<Opening {self.id}>"

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """Raises `Garbled` if anything is missing or of another kind."""
        try:
            return cls(
                str(document["id"]),
                str(document["key"]),
                float(document["wait_s"]),
                float(document["resume_s"]),
                float(document["heartbeat_s"]),
                int(document["max_message_bytes"]),
                int(document["max_unacked_bytes"]),
            )
        except (KeyError, TypeError, ValueError):
            raise Garbled("no session was opened") from None

"""Values that tests of the client begin with."""

from bridge.client.opening import Opening
from bridge.client.session import Session

MAX_UNACKED_BYTES = 600
MAX_HELD_BYTES = 30

OPENED: dict[str, object] = {
    "id": "a-1",
    "key": "k" * 22,
    "wait_s": 25.0,
    "resume_s": 60.0,
    "heartbeat_s": 15.0,
    "max_message_bytes": 100,
    "max_unacked_bytes": MAX_UNACKED_BYTES,
}


def new_session() -> Session:
    """One with small bounds, in which nothing has happened."""
    return Session(Opening.read(OPENED), MAX_HELD_BYTES)

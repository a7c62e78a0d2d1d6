"""Who a client is, once it has proved that."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """A name for the log and for daemons, and until when it is good, in seconds since the epoch."""

    user: str
    expires_at: float | None = None


class Refused(Exception):
    """A credential that does not let in, and why: for the log, and never with the credential."""


class NotNamed(Refused):
    """A good credential, but not for this daemon."""

"""Who a client is, once it has proved that."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Identity:
    """A name for the log and for daemons, and until when it is good, in seconds since the epoch."""

    user: str
    expires_at: float | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What an opening request shows of who is there: a token, a ticket, and the user that a trusted
    proxy has let in."""

    token: str | None = None
    ticket: str | None = None
    user: str | None = None


MAX_USER_CHARACTERS: Final = 128
"""Of a name that comes from elsewhere: it stands in each session's line of the log."""


def checked_user(user: object) -> str:
    """The name, if it can stand in a log. Raises `Refused`, without it."""
    if not isinstance(user, str) or not 0 < len(user) <= MAX_USER_CHARACTERS:
        raise Refused(f"the user has no name of 1 to {MAX_USER_CHARACTERS} characters")
    if not user.isprintable():
        raise Refused("the user has a name that cannot be printed")
    return user


class Refused(Exception):
    """A credential that does not let in, and why: for the log, and never with the credential."""


class NotNamed(Refused):
    """A good credential, but not for this daemon."""


class Expired(Refused):
    """A credential that was good for as long as its issuer wanted: a fresh one would help."""

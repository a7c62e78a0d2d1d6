"""Who opens a session, as far as its daemon may be told."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Client:
    """An IP address and a port; the address is `None`, or the port 0, where it is not known.

    `user` is who has proved to be there, until `expires_at`, in seconds since the epoch; `None`
    where nobody is asked, and where it does not end.
    """

    address: str | None = None
    port: int = 0
    user: str | None = None
    expires_at: float | None = None


UNKNOWN: Final = Client()

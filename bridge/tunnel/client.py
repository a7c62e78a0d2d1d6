"""Who opens a session, as far as its daemon may be told."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Client:
    """An IP address and a port; the address is `None`, or the port 0, where it is not known."""

    address: str | None = None
    port: int = 0


UNKNOWN: Final = Client()

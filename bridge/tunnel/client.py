"""Who opens a session, as far as its daemon may be told."""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final

OF_ONE_CLIENT_BITS: Final = 64
"""Of an IPv6 address: the rest of it whoever has the network may choose (RFC 4291, 2.5.4)."""
OWNERS_KEPT: Final = 256
"""Several limits ask for the same one whenever a session is opened."""


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

    @property
    def owner(self) -> str | None:
        """What is counted as one client: an IPv4 address, or a network of IPv6."""
        return None if self.address is None else owner_of(self.address)


UNKNOWN: Final = Client()


@lru_cache(OWNERS_KEPT)
def owner_of(address: str) -> str:
    """The address itself, or the network of an IPv6 address."""
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address):
        bits = 128 - OF_ONE_CLIENT_BITS
        return f"{IPv6Address(int(parsed) >> bits << bits)}/{OF_ONE_CLIENT_BITS}"
    return address

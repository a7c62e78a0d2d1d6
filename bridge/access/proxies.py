"""Whose word counts about where a request comes from: that of the configured proxies alone.

Each proxy appends the address it was asked from to `X-Forwarded-For`. So the header is read from
its right end, where the nearest proxy wrote, and only as far as trusted ones have written it: all
that stands to the left of that any client can have made up.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final, TypeAlias

from bridge.config.networks import Network
from bridge.config.proxies import UNIX

Address: TypeAlias = IPv4Address | IPv6Address

WRITTEN: Final = re.compile(r"\[([^\]]*)\](?::[0-9]+)?|([^:]*):[0-9]+|(.*)")
"""`[address]`, `[address]:port`, `address:port` or an address alone."""

ADDRESSES_KEPT: Final = 256
"""A client and its proxies have the same ones with every request."""


class TrustedProxies:
    """The configured networks."""

    def __init__(self, trusted: Sequence[Network | str]) -> None:
        self._networks = tuple(each for each in trusted if not isinstance(each, str))
        self._trusts_unix = UNIX in trusted

    def client(self, peer: str | None, forwarded: Sequence[str]) -> str | None:
        """The client's address: that of the peer (`None` for a unix socket), or the last that
        trusted proxies say. `forwarded` are the header's lines in order."""
        nearest = None if peer is None else address_in(peer)
        if not self.trusts_peer(peer):
            return peer if nearest is None else str(nearest)
        for word in reversed(",".join(forwarded).split(",") if forwarded else []):
            address = address_in(word.strip())
            if address is None:
                break  # `unknown`, or a proxy that writes something else: nobody vouches for more
            nearest = address
            if not self.trusts(address):
                break
        return None if nearest is None else str(nearest)

    def trusts_peer(self, peer: str | None) -> bool:
        """Whether whoever connects from there is a proxy of ours; `None` is a unix socket."""
        return self._trusts_unix if peer is None else self.trusts(address_in(peer))

    def trusts(self, address: Address | None) -> bool:
        """Whether a proxy of ours has this address."""
        return address is not None and any(address in network for network in self._networks)


@lru_cache(ADDRESSES_KEPT)
def address_in(text: str) -> Address | None:
    """The address, without a port and brackets; `None` if it is none. IPv4 in the clothes of IPv6
    is IPv4, or one network would have to be configured twice."""
    written = WRITTEN.fullmatch(text)
    host = "" if written is None else written[1] or written[2] or written[3]
    try:
        address = ip_address(host)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address if mapped is None else mapped

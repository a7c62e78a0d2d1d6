"""Addresses that are never dialled, whatever a name leads to.

Whoever controls a daemon's name in the DNS could turn it inward, to a machine that only the bridge
reaches. So the very addresses that would be dialled are looked at, after the lookup.
"""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

from bridge.config.networks import Network

NAT64: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
"""RFC 6052 and 8215: a translator takes such packets to the IPv4 address in their last four bytes;
in the second network it may stand elsewhere, but seldom does."""
V4_COMPATIBLE: Final = IPv6Network("::/96")
"""RFC 4291, section 2.5.5.1: deprecated, and understood by some all the same."""
LOOPBACK: Final[Mapping[int, IPv4Address | IPv6Address]] = {
    4: IPv4Address("127.0.0.1"),
    6: IPv6Address("::1"),
}
"""Where Linux connects to when it is told 0.0.0.0 or ::, which is no address of anybody's."""


class Forbidden(OSError):
    """Whatever the host leads to lies in networks of `never`."""


def permitted(host: str, addresses: Sequence[str], never: Sequence[Network]) -> Sequence[str]:
    """Those of a host's addresses that may be dialled, in their order.

    Raises `Forbidden` when there are some and none may be.
    """
    if not never:
        return addresses
    left = [address for address in addresses if not is_in(address, never)]
    if addresses and not left:
        raise Forbidden(f"{host} leads to {', '.join(addresses)}, where never: forbids to go")
    return left


def is_in(address: str, networks: Sequence[Network]) -> bool:
    """Whether an address, or an IPv4 address that it stands for, is in any of the networks."""
    meant = meanings(ip_address(address))
    return any(one in network for one in meant for network in networks)


def meanings(address: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """The address, and where its packets may come out."""
    meant = [address]
    if isinstance(address, IPv6Address):
        inner = (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())[1:])
        meant += [one for one in inner if one is not None]
        if any(address in network for network in (*NAT64, V4_COMPATIBLE)):
            meant.append(IPv4Address(int(address) & 0xFFFFFFFF))
    meant += [LOOPBACK[one.version] for one in meant if one.is_unspecified]
    return meant

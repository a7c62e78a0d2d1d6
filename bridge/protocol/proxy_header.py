"""What a proxy says of its client before anything of the client: HAProxy's PROXY protocol.

Both versions of it, as far as TCP goes (specification of 2020, sections 2.1 and 2.2).
"""

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final, Literal, NamedTuple

Version = Literal["v1", "v2"]

SIGNATURE: Final = b"\r\n\r\n\0\r\nQUIT\n"
PROXIED: Final = b"\x21"
"""Version 2, on behalf of somebody else."""
FAMILY: Final = {4: b"\x11", 6: b"\x21"}
"""TCP over this version of IP."""
UNSPECIFIED: Final = b"\0"


class Endpoint(NamedTuple):
    """One end of a TCP connection."""

    address: str
    port: int


def proxy_header(version: Version, source: Endpoint | None, destination: Endpoint) -> bytes:
    """The header for a client at `source`, `None` where that is not known.

    Raises `ValueError` where an address is none.
    """
    ends = None
    if source is not None:
        ends = of_one_version(_ip(source.address), _ip(destination.address))
    ports = (0 if source is None else source.port, destination.port)
    return _text(ends, ports) if version == "v1" else _binary(ends, ports)


Address = IPv4Address | IPv6Address


def _ip(text: str) -> Address:
    """Without the zone, which means something to this machine alone (RFC 4007); an IPv4 address
    that came over a socket for both versions is one."""
    address = ip_address(text.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def of_one_version(source: Address, destination: Address) -> tuple[Address, Address]:
    """A header has one version for both: where they differ it is 6, and the other one is mapped."""
    if source.version == destination.version:
        return source, destination
    return _mapped(source), _mapped(destination)


def _mapped(address: Address) -> Address:
    return IPv6Address(f"::ffff:{address}") if address.version == 4 else address


def _text(ends: tuple[Address, Address] | None, ports: tuple[int, int]) -> bytes:
    if ends is None:
        return b"PROXY UNKNOWN\r\n"
    source, destination = ends
    return f"PROXY TCP{source.version} {source} {destination} {ports[0]} {ports[1]}\r\n".encode()


def _binary(ends: tuple[Address, Address] | None, ports: tuple[int, int]) -> bytes:
    family, addresses = UNSPECIFIED, b""
    if ends is not None:
        family = FAMILY[ends[0].version]
        numbers = b"".join(port.to_bytes(2) for port in ports)
        addresses = ends[0].packed + ends[1].packed + numbers
    return SIGNATURE + PROXIED + family + len(addresses).to_bytes(2) + addresses

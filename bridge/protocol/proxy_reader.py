"""The header by which a proxy says for whom it connects, read to its last byte and no further.

HAProxy's PROXY protocol, both versions (specification of 2020, sections 2.1 and 2.2); what is
written is in `proxy_header`.
"""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from bridge.protocol.proxy_header import FAMILY, PROXIED, SIGNATURE, Endpoint

LOCAL: Final = b"\x20"
"""Version 2, on behalf of nobody: a health check."""
FIXED_BYTES: Final = len(SIGNATURE) + 4
"""Of version 2: signature, command, family, and two for the length of the rest."""
MAX_REST_BYTES: Final = 4096
"""Addresses and what proxies add to them, names for example; the field has room for 64 KB."""
ENDS_BYTES: Final = {FAMILY[4]: (4, 12), FAMILY[6]: (16, 36)}
"""By family: of one address, and of both with their ports."""

FIRST_BYTES: Final = len(b"PROXY UNKNOWN\r\n")
"""No header of either version is shorter."""
MAX_LINE_BYTES: Final = 107
LINE: Final = re.compile(
    rb"PROXY TCP([46]) ([0-9a-fA-F.:]+) [0-9a-fA-F.:]+ ([0-9]{1,5}) [0-9]{1,5}\r\n"
)
UNKNOWN: Final = re.compile(rb"PROXY UNKNOWN[^\r\n]*\r\n")


class NoProxyHeader(ValueError):
    """The bytes are none."""


def bytes_missing(data: bytes) -> int:
    """How many bytes more belong to the header for certain; 0 when it is whole.

    Raises `NoProxyHeader` as soon as it cannot become one.
    """
    if len(data) < FIRST_BYTES:
        return FIRST_BYTES - len(data)
    if data.startswith(SIGNATURE):
        return _missing_of_binary(data)
    if not data.startswith(b"PROXY ") or len(data) > MAX_LINE_BYTES:
        raise NoProxyHeader("it begins with neither version's sign, or does not end")
    if data.endswith(b"\r\n"):
        return 0
    return 1 if data.endswith(b"\r") else 2


def client_in(header: bytes) -> Endpoint | None:
    """Whom the whole header names; `None` for a connection of the proxy's own, or of a kind without
    addresses. Raises `NoProxyHeader`."""
    return _in_binary(header) if header.startswith(SIGNATURE) else _in_line(header)


def _missing_of_binary(data: bytes) -> int:
    if len(data) < FIXED_BYTES:
        return FIXED_BYTES - len(data)
    rest = int.from_bytes(data[FIXED_BYTES - 2 : FIXED_BYTES])
    if rest > MAX_REST_BYTES:
        raise NoProxyHeader(f"it is longer than {MAX_REST_BYTES} bytes")
    return FIXED_BYTES + rest - len(data)


def _in_line(line: bytes) -> Endpoint | None:
    if UNKNOWN.fullmatch(line):
        return None
    named = LINE.fullmatch(line)
    if named is None:
        raise NoProxyHeader("its line has another form")
    port = int(named[3])
    try:
        address = ip_address(named[2].decode())
    except ValueError as error:
        raise NoProxyHeader("it has no address") from error
    if address.version != int(named[1]) or port > 65535:
        raise NoProxyHeader("its address or port is none of that kind")
    return Endpoint(str(address), port)


def _in_binary(header: bytes) -> Endpoint | None:
    command, family = header[len(SIGNATURE) :][:1], header[len(SIGNATURE) + 1 :][:1]
    if command not in (PROXIED, LOCAL):
        raise NoProxyHeader("its version or command is not known")
    if command == LOCAL or family not in ENDS_BYTES:
        return None
    size, both = ENDS_BYTES[family]
    rest = header[FIXED_BYTES:]
    if len(rest) < both:
        raise NoProxyHeader("its addresses are cut short")
    address = IPv4Address(rest[:4]) if size == 4 else IPv6Address(rest[:16])
    return Endpoint(str(address), int.from_bytes(rest[2 * size : 2 * size + 2]))

"""A PROXY header is read to its last byte and no further, by the specification's own form, and what
is written is read as it was meant."""

import socket
import struct
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from bridge.protocol.proxy_header import SIGNATURE, Endpoint, Version, proxy_header
from bridge.protocol.proxy_reader import NoProxyHeader, bytes_missing, client_in
from tests.fuzz.dealt import Dealt

WORDS: Final = (
    *(b"PROXY TCP4 ", b"PROXY TCP6 ", b"PROXY UNKNOWN", b"\r\n", b"192.0.2.1 ", b"2001:db8::7 "),
    *(SIGNATURE, SIGNATURE + b"\x21\x11\0\x0c", SIGNATURE + b"\x21\x21\0\x24", b" 4711 8080\r\n"),
    *(SIGNATURE + b"\x20\0\0\0", b"::ffff:192.0.2.1 "),
)
BEHIND: Final = b"PROXY UNKNOWN\r\n" * 300
"""What a reader that went too far would take for its own."""
ADDRESS: Final = {*"0123456789abcdefABCDEF.:"}
LONGEST: Final = 16 + 4096
VERSIONS: Final[tuple[Version, ...]] = ("v1", "v2")
EXAMPLES: Final = (
    b"PROXY TCP4 192.0.2.1 192.0.2.2 4711 80\r\n",
    b"PROXY TCP6 ::1 2001:db8::7 4711 80\r\n",
    b"PROXY UNKNOWN a\r\n",
    b"PROXY UNKNOWN " + b"a" * 200 + b"\r\n",
    SIGNATURE + b"\x21\x11\0\x0c" + bytes(12),
    SIGNATURE + b"\x21\x21\0\x24" + bytes(36),
    SIGNATURE + b"\x20\0\0\1a",
)


def check(data: bytes) -> None:
    check_reading(data)
    check_writing(Dealt(data))


def check_reading(stream: bytes) -> None:
    known = expected(stream + BEHIND)
    try:
        came: tuple[Endpoint | None, int] | None = read(stream + BEHIND)
    except NoProxyHeader:
        came = None
    assert came == known


def read(stream: bytes) -> tuple[Endpoint | None, int]:
    """The client, and how much was taken."""
    taken = 0
    while missing := bytes_missing(stream[:taken]):
        taken += missing
        assert taken <= LONGEST
    return client_in(stream[:taken]), taken


def expected(stream: bytes) -> tuple[Endpoint | None, int] | None:
    return in_binary(stream) if stream.startswith(SIGNATURE) else in_line(stream)


def in_line(stream: bytes) -> tuple[Endpoint | None, int] | None:
    """Version 1: words between single spaces, up to CR LF, 107 bytes at the most."""
    line, end, _ = stream[:107].partition(b"\r\n")
    if not end or not line.startswith(b"PROXY ") or b"\n" in line:
        return None
    words = line.decode("latin-1").split(" ")
    if words[1].startswith("UNKNOWN") and "\r" not in line.decode("latin-1"):
        return None, len(line) + 2
    if len(words) != 6 or words[1] not in ("TCP4", "TCP6") or not words[3]:
        return None
    if not (set(words[3]) <= ADDRESS and all(map(is_port, words[4:]))):
        return None
    family = socket.AF_INET if words[1] == "TCP4" else socket.AF_INET6
    try:
        client = written(socket.inet_pton(family, words[2]))
    except (OSError, ValueError):
        return None
    return (Endpoint(client, int(words[4])), len(line) + 2) if int(words[4]) < 1 << 16 else None


def is_port(word: str) -> bool:
    """By its form; that of the other end may be too high, since nobody goes by it."""
    return word.isascii() and word.isdigit() and len(word) <= 5


def in_binary(stream: bytes) -> tuple[Endpoint | None, int] | None:
    """Version 2: a signature, a command, a family, a length, two addresses and two ports."""
    command, family, length = struct.unpack_from("!BBH", stream, 12)
    if command not in (0x20, 0x21) or length > 4096:
        return None
    if command == 0x20 or family not in (0x11, 0x21):
        return None, 16 + length
    size = 4 if family == 0x11 else 16
    if length < 2 * size + 4:
        return None
    address, port = stream[16 : 16 + size], stream[16 + 2 * size : 18 + 2 * size]
    return Endpoint(written(address), int.from_bytes(port)), 16 + length


def check_writing(dealt: Dealt) -> None:
    version, size = dealt.one_of(VERSIONS), dealt.one_of((4, 16))
    ends = [
        Endpoint(written(dealt.take(size).ljust(size, b"\1")), dealt.number(0xFFFF))
        for _ in range(2)
    ]
    header = proxy_header(version, *ends)
    client, taken = read(header + BEHIND)
    assert taken == len(header)
    assert client is not None
    assert client.port == ends[0].port
    assert without_mapping(client.address) == without_mapping(ends[0].address)


def written(address: bytes) -> str:
    return str(ip_address(address))


def without_mapping(text: str) -> IPv4Address | IPv6Address:
    """IPv4 in the clothes of IPv6 is IPv4."""
    address = ip_address(text)
    return getattr(address, "ipv4_mapped", None) or address

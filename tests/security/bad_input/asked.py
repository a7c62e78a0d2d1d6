"""The other ports: what asks for a policy, and what a trusted proxy begins with."""

from dataclasses import dataclass
from typing import Final

from bridge.protocol.proxy_header import SIGNATURE
from tests.security.bad_input.stage import CUT_OFF, Stage, in_words


@dataclass(frozen=True, slots=True)
class Asked:
    """Bytes for the port of policies."""

    kind: str
    data: bytes
    got: str = CUT_OFF
    of: str = "strict"

    async def play(self, stage: Stage) -> str:
        return "a policy" if await stage.all_for(self.data, "policies") else CUT_OFF


@dataclass(frozen=True, slots=True)
class Introduced:
    """Bytes in place of a trusted proxy's header, before a request."""

    kind: str
    data: bytes
    got: str = CUT_OFF
    of: str = "strict"

    async def play(self, stage: Stage) -> str:
        request = b"GET /v1/daemons HTTP/1.1\r\nHost: bridge\r\nConnection: close\r\n\r\n"
        return in_words(await stage.all_for(self.data + request, "proxied"))


def version_2(head: bytes, length: int, addresses: bytes) -> bytes:
    return SIGNATURE + head + length.to_bytes(2) + addresses


POLICIES: Final = [
    Asked("a request of HTTP", b"GET /crossdomain.xml HTTP/1.1\r\n\r\n"),
    Asked("other XML", b"<policy/>\0"),
    Asked("the question in capital letters", b"<POLICY-FILE-REQUEST/>\0"),
    Asked("the question with a space", b"<policy-file-request />\0"),
    Asked("the question with more behind it", b"<policy-file-request/>\0<a/>\0"),
    Asked("the question in UTF-16", "<policy-file-request/>\0".encode("utf-16")),
    Asked("a zero byte", b"\0"),
    Asked("a million bytes", b"x" * 1_000_000),
]

PROXIES: Final = [
    Introduced("no header", b""),
    Introduced("a header of version 3", b"PROXY3 TCP4 192.0.2.1 192.0.2.2 1 2\r\n"),
    Introduced("an address that is none", b"PROXY TCP4 192.0.2.999 192.0.2.2 1 2\r\n"),
    Introduced("an IPv6 address as an IPv4 one", b"PROXY TCP4 ::1 192.0.2.2 1 2\r\n"),
    Introduced("a port that is none", b"PROXY TCP4 192.0.2.1 192.0.2.2 99999 2\r\n"),
    Introduced("no ports", b"PROXY TCP4 192.0.2.1 192.0.2.2\r\n"),
    Introduced("a bare LF", b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n"),
    Introduced("two spaces", b"PROXY  TCP4 192.0.2.1 192.0.2.2 1 2\r\n"),
    Introduced("a line of 200 bytes", b"PROXY UNKNOWN " + b"x" * 200 + b"\r\n"),
    Introduced("version 2 with another number", version_2(b"\x31\x11", 12, bytes(12))),
    Introduced("version 2 with an unknown command", version_2(b"\x2f\x11", 12, bytes(12))),
    Introduced("version 2 with too few bytes", version_2(b"\x21\x11", 4, bytes(4))),
    Introduced("version 2 of 65,535 bytes", version_2(b"\x21\x11", 65535, bytes(65535))),
    Introduced("half of its signature", SIGNATURE[:6]),
]

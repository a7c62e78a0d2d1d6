"""4.2.1: what an opening handshake must be, and that nothing else opens a WebSocket."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

NONCE: Final = "dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT: Final = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
"""The example of RFC 6455 section 1.3, and what it is answered with."""

Headers = tuple[tuple[str, str], ...]

SOUND: Final[Headers] = (
    ("Host", "bridge.example.com"),
    ("Upgrade", "websocket"),
    ("Connection", "Upgrade"),
    ("Sec-WebSocket-Version", "13"),
    ("Sec-WebSocket-Key", NONCE),
)


@dataclass(frozen=True, slots=True)
class Handshake:
    """A request, and with which statuses it may be answered."""

    name: str
    section: str
    headers: Headers
    statuses: frozenset[int]
    method: str = "GET"
    version: str = " HTTP/1.1"

    @property
    def opens(self) -> bool:
        """Whether there is a WebSocket then."""
        return 101 in self.statuses

    def request(self, path: str, subprotocols: Sequence[str] = ()) -> bytes:
        """Its bytes, for a path below which a WebSocket is."""
        offer = (("Sec-WebSocket-Protocol", ", ".join(subprotocols)),) if subprotocols else ()
        lines = [f"{name}: {value}" for name, value in (*self.headers, *offer)]
        return "\r\n".join([f"{self.method} {path}{self.version}", *lines, "", ""]).encode()


def accepted(name: str, section: str, headers: Headers) -> Handshake:
    return Handshake(name, section, headers, frozenset({101}))


def refused(name: str, section: str, headers: Headers = SOUND, **line: str) -> Handshake:
    """400 is what section 4.2.1 asks for; some statuses say more of what is wrong."""
    return Handshake(name, section, headers, frozenset({400, 405, 426, 505}), **line)


def but(**changed: str) -> Headers:
    """The sound headers, with one of them changed."""
    names = {name.replace("_", "-").lower(): value for name, value in changed.items()}
    return tuple((name, names.get(name.lower(), value)) for name, value in SOUND)


def without(absent: str) -> Headers:
    return tuple((name, value) for name, value in SOUND if name != absent)


def twice(name: str, first: str, second: str) -> Headers:
    """The sound headers, with two lines for one."""
    return (*without(name), (name, first), (name, second))


AS_IT_SHOULD_BE: Final = accepted("as it should be", "4.2.1", SOUND)

LINES: Final = [
    refused("POST", "4.2.1 (1)", method="POST"),
    refused("HEAD", "4.2.1 (1)", method="HEAD"),
    refused("PUT", "4.2.1 (1)", method="PUT"),
    refused("HTTP/1.0", "4.2.1 (1)", version=" HTTP/1.0"),
    refused("HTTP/0.9", "4.2.1 (1)", version=" HTTP/0.9"),
    refused("no version", "4.2.1 (1)", version=""),
]

CASES: Final = [
    AS_IT_SHOULD_BE,
    accepted("names in lower case", "4.2.1", tuple((name.lower(), value) for name, value in SOUND)),
    *LINES,
    refused("no Host", "4.2.1 (2)", without("Host")),
    refused("two Hosts", "4.2.1 (2)", twice("Host", "a.example.com", "b.example.com")),
    accepted("Upgrade: WebSocket", "4.2.1 (3)", but(upgrade="WebSocket")),
    accepted("Upgrade: WEBSOCKET", "4.2.1 (3)", but(upgrade="WEBSOCKET")),
    accepted("websocket behind another one", "4.2.1 (3)", but(upgrade="h2c, websocket")),
    accepted("websocket in a second line", "4.2.1 (3)", twice("Upgrade", "h2c", "websocket")),
    refused("no Upgrade", "4.2.1 (3)", without("Upgrade")),
    refused("empty Upgrade", "4.2.1 (3)", but(upgrade="")),
    refused("Upgrade: h2c", "4.2.1 (3)", but(upgrade="h2c")),
    refused("Upgrade: websockets", "4.2.1 (3)", but(upgrade="websockets")),
    refused("Upgrade: web socket", "4.2.1 (3)", but(upgrade="web socket")),
    accepted("Connection: upgrade", "4.2.1 (4)", but(connection="upgrade")),
    accepted("Connection: keep-alive, Upgrade", "4.2.1 (4)", but(connection="keep-alive, Upgrade")),
    accepted("Connection: Upgrade,keep-alive", "4.2.1 (4)", but(connection="Upgrade,keep-alive")),
    accepted("Upgrade in a second line", "4.2.1 (4)", twice("Connection", "keep-alive", "Upgrade")),
    refused("no Connection", "4.2.1 (4)", without("Connection")),
    refused("Connection: keep-alive", "4.2.1 (4)", but(connection="keep-alive")),
    refused("Connection: Upgraded", "4.2.1 (4)", but(connection="Upgraded")),
    accepted("a key with spaces around", "4.2.1 (5)", but(sec_websocket_key=f" {NONCE}\t")),
    refused("no key", "4.2.1 (5)", without("Sec-WebSocket-Key")),
    refused("empty key", "4.2.1 (5)", but(sec_websocket_key="")),
    refused("a key of 15 bytes", "4.2.1 (5)", but(sec_websocket_key="AAAAAAAAAAAAAAAAAAAA")),
    refused("a key of 17 bytes", "4.2.1 (5)", but(sec_websocket_key="AAAAAAAAAAAAAAAAAAAAAAA=")),
    refused("a key without padding", "4.2.1 (5)", but(sec_websocket_key=NONCE[:-2])),
    refused("a key with more behind it", "4.2.1 (5)", but(sec_websocket_key=NONCE + "AA")),
    refused("a key in base64url", "4.2.1 (5)", but(sec_websocket_key="_-__________________-w==")),
    refused("a key that is no base64", "4.2.1 (5)", but(sec_websocket_key="!" * 22 + "==")),
    refused("the same key twice", "11.3.1", twice("Sec-WebSocket-Key", NONCE, NONCE)),
    refused("two keys", "11.3.1", twice("Sec-WebSocket-Key", NONCE, "AAAAAAAAAAAAAAAAAAAAAA==")),
    refused("no version of the protocol", "4.2.1 (6)", without("Sec-WebSocket-Version")),
    *(
        refused(f"Sec-WebSocket-Version: {it}", "4.2.1 (6)", but(sec_websocket_version=it))
        for it in ("", "0", "8", "12", "14", "013", "+13", "13.0", "13, 8", "thirteen")
    ),
    refused("version 13 twice", "11.3.5", twice("Sec-WebSocket-Version", "13", "13")),
    refused("versions 13 and 8", "11.3.5", twice("Sec-WebSocket-Version", "13", "8")),
    refused("versions 8 and 13", "11.3.5", twice("Sec-WebSocket-Version", "8", "13")),
    accepted(
        "extensions that nobody here knows",
        "4.2.1 (9)",
        (*SOUND, ("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits, x")),
    ),
    accepted("Content-Length: 0", "4.1 (1)", (*SOUND, ("Content-Length", "0"))),
    # How much of what follows is a body and how much is frames would be told by chance.
    refused("a body of 3 bytes", "4.1 (1)", (*SOUND, ("Content-Length", "3"))),
    refused("a body in chunks", "4.1 (1)", (*SOUND, ("Transfer-Encoding", "chunked"))),
]

"""WebSockets: handshakes, and frames of each of the three forms."""

from dataclasses import dataclass
from typing import Final

from tests.rfc6455.frame import BINARY, CLOSE, CONTINUATION, PING, TEXT, Frame
from tests.rfc6455.table.handshakes import NONCE
from tests.rfc6455.wire import Wire
from tests.security.bad_input.sent import Sent, get
from tests.security.bad_input.stage import CUT_OFF, Row, Stage, answer_in_words
from tests.support.sockets import V1

OPENING: Final = "v1/daemons/strict/websocket"
RAW: Final = "v1/daemons/strict/raw"
ELSEWHERE: Final = "v1/daemons/10.0.0.1:22"
NEIGHBOURS_KEY: Final = "key.<NEIGHBOURS-KEY>"
ATTACHMENT: Final = "v1/sessions/<ID>/websocket"


@dataclass(frozen=True, slots=True)
class Shaken:
    """An opening handshake that is sound but for some headers."""

    kind: str
    got: str
    path: str
    offered: tuple[str, ...]
    changed: tuple[tuple[str, str], ...]
    of: str = "strict"

    async def play(self, stage: Stage) -> str:
        path, _, query = stage.filled(self.path.encode()).decode().partition("?")
        offered = [stage.filled(name.encode()).decode() for name in self.offered]
        client = stage.session.client
        return answer_in_words(await client.handshake(path, offered, query, dict(self.changed)))


@dataclass(frozen=True, slots=True)
class Frames:
    """Frames over a socket of the form `way`: `v1`, which attaches to the session, or one that
    opens its own."""

    kind: str
    got: str
    frames: tuple[Frame, ...]
    way: str = "v1"
    of: str = "strict"

    async def play(self, stage: Stage) -> str:
        """The code of the Close frame."""
        session = stage.session
        offered: tuple[str, ...] = ()
        if self.way == "v1":
            path, offered = f"{session.path}/websocket", (V1, f"key.{session.key}")
        else:
            path = f"v1/daemons/{self.of}/{self.way}"
        async with Wire.upgraded(session.client.address(path), offered) as wire:
            wire.write(b"".join(frame.encode() for frame in self.frames))
            while (frame := await wire.read_frame()) and frame.opcode != CLOSE:
                pass
        return CUT_OFF if frame is None else str(int.from_bytes(frame.payload[:2]))


def handshake(kind: str, got: str, path: str = OPENING, *offered: str, **changed: str) -> Shaken:
    """Sound but for the headers that are changed."""
    headers = {name.replace("_", "-"): value for name, value in changed.items()}
    return Shaken(kind, got, path, offered, tuple(headers.items()))


def frames(kind: str, got: str, *sent: Frame, way: str = "v1", of: str = "strict") -> Frames:
    return Frames(kind, got, sent, way, of)


def text(kind: str, got: str, payload: bytes, way: str = "v1") -> Frames:
    return frames(kind, got, Frame(TEXT, payload), way=way)


HANDSHAKES: Final[list[Row]] = [
    handshake("no Upgrade", "426 upgrade-required", Upgrade=""),
    handshake("an upgrade to HTTP/2", "426 upgrade-required", Upgrade="h2c"),
    handshake("no version", "426 upgrade-required", Sec_WebSocket_Version=""),
    handshake("version 8", "426 upgrade-required", Sec_WebSocket_Version="8"),
    handshake("versions 13 and 8", "426 upgrade-required", Sec_WebSocket_Version="13, 8"),
    handshake("an empty key", "400 bad-handshake", Sec_WebSocket_Key=""),
    handshake("a key that is no base64", "400 bad-handshake", Sec_WebSocket_Key="!" * 24),
    handshake("a key of 15 bytes", "400 bad-handshake", Sec_WebSocket_Key="A" * 20),
    handshake("a page of another host", "403 origin-denied", Origin="https://evil.example.net"),
    handshake("a page of another host, raw", "403 origin-denied", RAW, Origin="https://evil.net"),
    handshake("a page of no origin", "403 origin-denied", Origin="null"),
    handshake("an address as the daemon's name", "404 unknown-daemon", f"{ELSEWHERE}/raw"),
    handshake("no key of a session", "404 unknown-session", ATTACHMENT, V1),
    handshake("a wrong key of a session", "404 unknown-session", ATTACHMENT, V1, "key." + "k" * 22),
    handshake("another session's key", "404 unknown-session", ATTACHMENT, V1, NEIGHBOURS_KEY),
    handshake("the key as the only subprotocol", "400 bad-handshake", ATTACHMENT, "key.<KEY>"),
    handshake("an ack of what was never sent", "409 gap", f"{ATTACHMENT}?ack=9", V1, "key.<KEY>"),
    handshake("an ack that is a word", "400 bad-parameter", f"{ATTACHMENT}?ack=x", V1, "key.<KEY>"),
    handshake("no token", "401 unauthenticated", "v1/daemons/guarded/websocket"),
    handshake("a token that is no base64url", "401 unauthenticated",
              "v1/daemons/guarded/websocket", "xmlsocket", "token.$$$"),
    Sent("HTTP/1.0", "400 bad-handshake",
         (f"GET /{OPENING} HTTP/1.0\r\nHost: a\r\n"
         "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
         f"Sec-WebSocket-Key: {NONCE}\r\n\r\n").encode()),
    Sent("no handshake at all", "426 upgrade-required", get("/v1/daemons/strict/raw")),
]  # fmt: skip

V1_FRAMES: Final = [
    frames("an opcode that means nothing", "1002", Frame(3)),
    frames("a control opcode that means nothing", "1002", Frame(0xB)),
    frames("a reserved bit, as if compressed", "1002", Frame(TEXT, b"<a/>\0", bits=0x40)),
    frames("no mask", "1002", Frame(TEXT, b"<a/>\0", is_masked=False)),
    frames("a piece of nothing", "1002", Frame(CONTINUATION, b"<a/>\0")),
    frames("a message within another", "1002", Frame(TEXT, b"<a", fin=False), Frame(TEXT, b"/>\0")),
    frames("a Ping in pieces", "1002", Frame(PING, b"a", fin=False)),
    frames("a Ping of 126 bytes", "1002", Frame(PING, b"a" * 126)),
    frames("a length longer than it need be", "1002", Frame(TEXT, b"<a/>\0", length_bytes=8)),
    frames("a length of 2 to the 63", "1002", Frame(TEXT, b"a", length_bytes=8, announced=1 << 63)),
    frames("a Close frame of one byte", "1002", Frame(CLOSE, b"\x03")),
    frames("a Close frame with a code that none may send", "1002", Frame(CLOSE, b"\x03\xed")),
    frames("a Close frame whose reason is no UTF-8", "1007", Frame(CLOSE, b"\x03\xe8\xff")),
    frames("a binary frame for a daemon of XML", "1003", Frame(BINARY, b"<a/>\0")),
    text("text that is no UTF-8", "1007", b"<a>\xff</a>\0"),
    text("text with half of a pair", "1007", b"<a>\xed\xa0\x80</a>\0"),
    text("a message that does not end", "1002", b"<a/>\0<b/>"),
    text("a control frame that is no JSON", "1002", b"<a/>"),
    text("a control frame that is a list", "1002", b"[]"),
    text("a control frame that is empty", "1002", b""),
    text("100,000 lists in a control frame", "1002", b"[" * 60_000),
    text("an ack below 0", "1002", b'{"ack": -1}'),
    text("an ack of what was never sent", "1002", b'{"ack": 7}'),
    text("an ack that is a text", "1002", b'{"ack": "0"}'),
    text("an ack that is true", "1002", b'{"ack": true}'),
    text("an ack that is a decimal", "1002", b'{"ack": 0.5}'),
    text("an ack of 60,000 digits", "1002", b'{"ack": ' + b"9" * 60_000 + b"}"),
]

OTHER_FRAMES: Final = [
    text("plain: a zero byte within", "1008", b"<a/>\0<b/>", "websocket"),
    text("plain: no XML", "1008", b"<a>", "websocket"),
    text("plain: a document type", "1008", b"<!DOCTYPE a><a/>", "websocket"),
    text("plain: text that is no UTF-8", "1007", b"\xff", "websocket"),
    text("plain: a message above the limit", "1009", b"x" * 70_000, "websocket"),
    frames("plain: a binary frame", "1003", Frame(BINARY, b"<a/>"), way="websocket"),
    text("raw: a text frame", "1003", b"<a/>\0", "raw"),
    frames("raw: no XML", "1008", Frame(BINARY, b"<a>\0"), way="raw"),
    frames("raw: a message above the limit", "1009", Frame(BINARY, b"x" * 70_000), way="raw"),
    frames("raw: bytes that are no UTF-8", "1008", Frame(BINARY, b"\xff\0"), way="raw", of="text"),
]

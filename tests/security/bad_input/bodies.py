"""Bodies: chunks, codings, JSON, sizes."""

import gzip
import zlib
from typing import Final

from tests.security.bad_input.sent import JSON, Sent, chunked, post, request

ZIPPED: Final = "Content-Encoding: gzip"
SOUND: Final = gzip.compress(b"<a/>\0")
BOMB: Final = gzip.compress(bytes(50_000_000), 9)


def chunks(kind: str, body: bytes, got: str = "400 bad-request") -> Sent:
    return Sent(kind, got, chunked(body))


def json(kind: str, body: bytes, got: str = "400 bad-json") -> Sent:
    return Sent(kind, got, post(body, JSON))


CHUNKS: Final = [
    chunks("a size that is no number", b"zz\r\n<a/>\0\r\n0\r\n\r\n"),
    chunks("a size with a sign", b"+5\r\n<a/>\0\r\n0\r\n\r\n"),
    chunks("a negative size", b"-5\r\n<a/>\0\r\n0\r\n\r\n"),
    chunks("a size with 0x", b"0x5\r\n<a/>\0\r\n0\r\n\r\n"),
    chunks("an empty size", b"\r\n<a/>\0\r\n0\r\n\r\n"),
    chunks("a size of 20 digits", b"f" * 20 + b"\r\n<a/>\0\r\n0\r\n\r\n"),
    chunks("a size with a space", b"5 5\r\n<a/>\0\r\n0\r\n\r\n"),
    chunks("a chunk that is longer than its size", b"3\r\n<a/>\0\r\n0\r\n\r\n"),
    chunks("a chunk that does not end in CRLF", b"5\r\n<a/>\0XX0\r\n\r\n"),
    chunks("a bare LF behind a size", b"5\n<a/>\0\r\n0\r\n\r\n"),
    chunks("a bare CR behind a size", b"5\r<a/>\0\r\n0\r\n\r\n"),
    chunks("a bare LF behind a chunk", b"5\r\n<a/>\0\n0\r\n\r\n"),
    chunks("an extension with a bare LF", b"5;x\n<a/>\0\r\n0\r\n\r\n"),
    chunks("a trailer without a colon", b"5\r\n<a/>\0\r\n0\r\nhello\r\n\r\n"),
]

CODINGS: Final = [
    Sent("gzip that is none", "400 bad-body", post(b"<a/>\0", ZIPPED)),
    Sent("gzip that breaks off", "400 bad-body", post(SOUND[:-4], ZIPPED)),
    Sent("gzip with a wrong sum", "400 bad-body", post(SOUND[:-8] + bytes(8), ZIPPED)),
    Sent("gzip with something behind it", "400 bad-body", post(SOUND + b"<b/>\0", ZIPPED)),
    Sent("gzip of 50 million zero bytes", "413 body-too-big", post(BOMB, ZIPPED)),
    Sent("gzip within gzip", "400 bad-encoding", post(gzip.compress(SOUND), ZIPPED)),
    Sent("deflate that is none", "400 bad-body", post(b"<a/>\0", "Content-Encoding: deflate")),
    Sent("deflate of a bomb", "413 body-too-big",
         post(zlib.compress(bytes(50_000_000), 9), "Content-Encoding: deflate")),
    Sent("two codings", "415 unsupported-media-type", post(SOUND, "Content-Encoding: gzip, gzip")),
    Sent("a coding that is not known", "415 unsupported-media-type",
         post(b"<a/>\0", "Content-Encoding: br")),
]  # fmt: skip

JSON_BODIES: Final = [
    json("no JSON", b"<a/>\0"),
    json("an empty body as JSON", b""),
    json("a list", b'["<a/>"]'),
    json("a text", b'"<a/>"'),
    json("a number", b"7"),
    json("null", b"null"),
    json("messages that are a text", b'{"messages": "<a/>"}'),
    json("messages that are an object", b'{"messages": {"0": "<a/>"}}'),
    json("a message that is a number", b'{"messages": [7]}'),
    json("a message that is a list", b'{"messages": [["<a/>"]]}'),
    json("no messages", b'{"message": "<a/>"}'),
    json("a comma too many", b'{"messages": ["<a/>",]}'),
    json("single quotes", b"{'messages': ['<a/>']}"),
    json("a comment", b'{"messages": ["<a/>"]} // hello'),
    json("two documents", b'{"messages": []}{"messages": []}'),
    json("a text that breaks off", b'{"messages": ["<a'),
    json("UTF-16", '{"messages": ["<a/>"]}'.encode("utf-16")),
    json("bytes that are no UTF-8", b'{"messages": ["<a>\xff</a>"]}'),
    json("a byte order mark", b'\xef\xbb\xbf{"messages": ["<a/>"]}'),
    json("100,000 lists within each other", b"[" * 100_000),
    json("a number of 100,000 digits", b'{"messages": ' + b"9" * 100_000 + b"}"),
    json("a zero byte in a text", b'{"messages": ["<a/>\\u0000"]}', "400 bad-encoding"),
    json("half a character in a text", b'{"messages": ["<a>\\ud800</a>"]}', "400 bad-encoding"),
    Sent("JSON for a daemon of bytes", "415 unsupported-media-type",
         post(b'{"messages": ["a"]}', JSON), of="blob"),
]  # fmt: skip

SIZES: Final = [
    Sent("a body above the limit", "413 body-too-big", post(b"\0" * 300_001)),
    Sent("a message above the limit", "413 message-too-big", post(b"x" * 70_000 + b"\0"), "text"),
    Sent("a message that does not end", "400 unterminated", post(b"<a/>")),
    Sent("text that is no UTF-8", "400 bad-encoding", post(b"\xff\0"), "text"),
    Sent("UTF-8 that is too long", "400 bad-encoding", post(b"\xc0\xaf\0"), "text"),
    Sent("half of a pair as UTF-8", "400 bad-encoding", post(b"\xed\xa0\x80\0"), "text"),
    Sent("UTF-8 that breaks off", "400 bad-encoding", post(b"\xe2\x82\0"), "text"),
    Sent("a character beyond Unicode", "400 bad-encoding", post(b"\xf4\x90\x80\x80\0"), "text"),
    Sent("an exchange that does not end", "400 unterminated",
         request("POST /v1/daemons/strict/exchange", "Content-Length: 4", body=b"<a/>")),
    Sent("an exchange of what is no XML", "400 not-well-formed",
         request("POST /v1/daemons/strict/exchange", "Content-Length: 4", body=b"<a>\0")),
]  # fmt: skip

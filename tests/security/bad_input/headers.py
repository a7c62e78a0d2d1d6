"""Header sections: their lines, what frames a body, and the values that decide."""

from typing import Final

from tests.security.bad_input.requests import LIST
from tests.security.bad_input.sent import BEARER, MESSAGES, Sent, get, opening, request

CHUNKED: Final = "Transfer-Encoding: chunked"
BODY: Final = b"<a/>\0"


def head(kind: str, got: str, lines: bytes) -> Sent:
    return Sent(
        kind, got, b"GET /v1/daemons HTTP/1.1\r\nConnection: close\r\n" + lines + b"\r\n\r\n"
    )


def framed(kind: str, got: str, *headers: str, body: bytes = BODY) -> Sent:
    """A message whose length is told in this way."""
    return Sent(kind, got, request(f"POST {MESSAGES}", BEARER, *headers, body=body))


def origin(kind: str, value: str, got: str = "403 origin-denied") -> Sent:
    return Sent(kind, got, opening(f"Origin: {value}"))


def own(kind: str, *headers: str, host: str) -> Sent:
    """A page that says that it is of the bridge's host."""
    line = "POST /v1/daemons/strict/sessions"
    asked = request(line, "Content-Length: 0", *headers, host=f"Host: {host}")
    return Sent(kind, "403 origin-denied", asked)


LINES: Final = [
    head("no Host", "400 bad-request", b"X: y"),
    head("two Hosts", "400 bad-request", b"Host: bridge\r\nHost: other"),
    head("a line without a colon", "400 bad-request", b"Host: bridge\r\nhello"),
    head("a line without a name", "400 bad-request", b"Host: bridge\r\n: y"),
    head("a space before the colon", "400 bad-request", b"Host: bridge\r\nX : y"),
    head("a space in a name", "400 bad-request", b"Host: bridge\r\nX Y: z"),
    head("a line folded as of old", "400 bad-request", b"Host: bridge\r\nX: y\r\n  z"),
    head("the first line folded", "400 bad-request", b" Host: bridge"),
    head("a bare LF between lines", "400 bad-request", b"Host: bridge\nX: y"),
    head("a bare CR between lines", "400 bad-request", b"Host: bridge\rX: y"),
    head("a bare CR in a value", "400 bad-request", b"Host: bridge\r\nX: y\rz"),
    head("a zero byte in a value", "400 bad-request", b"Host: bridge\r\nX: y\0z"),
    head("a zero byte in a name", "400 bad-request", b"Host: bridge\r\nX\0: y"),
    head("an escape sequence in a value", "400 bad-request", b"Host: bridge\r\nX: \x1b[31m"),
    head("a name that is no ASCII", "400 bad-request", b"Host: bridge\r\nX\xc3\xa9: y"),
    head("a name with brackets", "400 bad-request", b"Host: bridge\r\n(X): y"),
    head("a value of 9,000 bytes", "400 bad-request", b"Host: bridge\r\nX: " + b"y" * 9000),
    head(
        "300 lines",
        "400 bad-request",
        b"Host: bridge" + b"".join(b"\r\nX%d: y" % n for n in range(300)),
    ),
    head("a name of 9,000 letters", "400 bad-request", b"Host: bridge\r\n" + b"x" * 9000 + b": y"),
]

FRAMING: Final = [
    framed("a length and chunks", "400 bad-request", "Content-Length: 5", CHUNKED),
    framed("chunks and a length", "400 bad-request", CHUNKED, "Content-Length: 5"),
    framed("two lengths that differ", "400 bad-request", "Content-Length: 5", "Content-Length: 6"),
    framed("two lengths that agree", "400 bad-request", "Content-Length: 5", "Content-Length: 5"),
    framed("two lengths in one line", "400 bad-request", "Content-Length: 5, 5"),
    framed("a negative length", "400 bad-request", "Content-Length: -5"),
    framed("a length with a sign", "400 bad-request", "Content-Length: +5"),
    framed("a length in hexadecimal", "400 bad-request", "Content-Length: 0x5"),
    framed("a length with a decimal point", "400 bad-request", "Content-Length: 5.0"),
    framed("a length with an underscore", "400 bad-request", "Content-Length: 1_0"),
    framed("a length in other digits", "400 bad-request", "Content-Length: \u0665"),
    framed("a length of 30 digits", "400 bad-request", f"Content-Length: {10**29}"),
    framed("an empty length", "400 bad-request", "Content-Length:"),
    framed("a length that is a word", "400 bad-request", "Content-Length: five"),
    framed("chunks twice", "400 bad-request", "Transfer-Encoding: chunked, chunked"),
    framed("chunks in two lines", "400 bad-request", CHUNKED, CHUNKED),
    framed("gzip behind chunks", "400 bad-request", "Transfer-Encoding: chunked, gzip"),
    framed("a transfer coding that is not known", "400 bad-request", "Transfer-Encoding: cow"),
    framed("xchunked", "400 bad-request", "Transfer-Encoding: xchunked"),
    framed("identity", "400 bad-request", "Transfer-Encoding: identity"),
    framed("chunks with a vertical tab", "400 bad-request", "Transfer-Encoding: \x0bchunked"),
    framed("chunks behind a space before the colon", "400 bad-request",
           "Transfer-Encoding : chunked"),
    framed("a transfer coding in a folded line", "400 bad-request",
           "Transfer-Encoding:\r\n chunked"),
    framed("an expectation that is not known", "417 expectation-failed",
           "Content-Length: 5", "Expect: miracles"),
    framed("an expectation that is not known, in a second line", "417 expectation-failed",
           "Content-Length: 5", "Expect: 100-continue", "Expect: miracles"),
    framed("an expectation that is not known, in the same line", "417 expectation-failed",
           "Content-Length: 5", "Expect: 100-continue, miracles"),
    Sent("an expectation of a page", "417 expectation-failed", get("/", "Expect: miracles")),
    Sent("an expectation of a method that a page does not have", "417 expectation-failed",
         request("POST /", "Content-Length: 0", "Expect: miracles")),
    Sent("an expectation of nothing that is there", "417 expectation-failed",
         get("/nothing", "Expect: miracles")),
    Sent("chunks in HTTP/1.0", "400 bad-request", b"POST /v1/daemons/strict/sessions HTTP/1.0\r\n"
         b"Host: bridge\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
]  # fmt: skip

ORIGINS: Final = [
    origin("a page of another host", "https://evil.example.net"),
    origin("a page of no origin", "null"),
    origin("a local file", "file://"),
    origin("an asterisk", "*"),
    origin("another scheme of a host that may", "http://play.example.com"),
    origin("another port of a host that may", "https://play.example.com:8443"),
    origin("a host that begins with one that may", "https://play.example.com.evil.net"),
    origin("a host that ends with one that may", "https://evilplay.example.com"),
    origin("a host that may, as the user of another", "https://play.example.com@evil.net"),
    origin("a host that may, with a path", "https://play.example.com/"),
    origin("a host that may, with a dot behind it", "https://play.example.com."),
    origin("two origins in one line", "https://play.example.com, https://evil.net"),
    origin("an origin without scheme", "play.example.com"),
    origin("a browser extension", "chrome-extension://abcdefghijklmnop"),
    origin("an empty origin", ""),
    origin("an origin with a zero-width letter", "https://play\u200b.example.com"),
    Sent("two lines of Origin", "403 origin-denied",
         opening("Origin: https://evil.net", "Origin: https://play.example.com")),
    Sent("two lines of Origin, the one that may first", "403 origin-denied",
         opening("Origin: https://play.example.com", "Origin: https://evil.net")),
    Sent("two lines of Origin that agree", "403 origin-denied",
         opening("Origin: https://play.example.com", "Origin: https://play.example.com")),
    own("the bridge's host as another names it", "Origin: http://evil.net", host="evil.net"),
    own("the bridge's host as a page from TLS names it", "Origin: https://evil.net",
        host="evil.net"),
    own("the same with its word for that it asks over TLS", "Origin: https://evil.net",
        "X-Forwarded-Proto: https", host="evil.net"),
    own("the bridge's host with a letter that is ASCII once it is small",
        "Origin: http://\u212aiosk", host="kiosk"),
    Sent("a preflight of another host", "403 origin-denied",
         request(f"OPTIONS {LIST}/strict/sessions", "Origin: https://evil.net",
                 "Access-Control-Request-Method: POST")),
    Sent("a list for another host", "200", get(LIST, "Origin: https://evil.net")),
]  # fmt: skip

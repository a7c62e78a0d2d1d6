"""Requests that are none: their first lines, methods and paths."""

from typing import Final

from tests.security.bad_input.sent import Sent, get, opening, request

HOST: Final = b"Host: bridge\r\nConnection: close\r\n\r\n"
LIST: Final = "/v1/daemons"


def line(kind: str, got: str, first: bytes) -> Sent:
    return Sent(kind, got, first + b"\r\n" + HOST)


def path(kind: str, got: str, target: str) -> Sent:
    return Sent(kind, got, get(target))


def daemon(kind: str, name: str, got: str = "404 unknown-daemon") -> Sent:
    return Sent(kind, got, opening(of=name))


LINES: Final = [
    line("one word instead of a request", "400 bad-request", b"HELLO"),
    line("a method alone", "400 bad-request", b"GET"),
    line("a request of HTTP/0.9", "400 bad-request", b"GET /v1/daemons"),
    line("HTTP/0.9 by number", "400 bad-request", b"GET /v1/daemons HTTP/0.9"),
    line("HTTP/1.2", "400 bad-request", b"GET /v1/daemons HTTP/1.2"),
    line("HTTP/2.0", "400 bad-request", b"GET /v1/daemons HTTP/2.0"),
    line("HTTP/1.10", "400 bad-request", b"GET /v1/daemons HTTP/1.10"),
    line("HTTP/1", "400 bad-request", b"GET /v1/daemons HTTP/1"),
    line("http/1.1 in small letters", "400 bad-request", b"GET /v1/daemons http/1.1"),
    line("another protocol's name", "400 bad-request", b"GET /v1/daemons FTP/1.1"),
    line("a word behind the version", "400 bad-request", b"GET /v1/daemons HTTP/1.1 now"),
    line("two spaces", "200", b"GET  /v1/daemons HTTP/1.1"),
    line("a tab instead of a space", "400 bad-request", b"GET\t/v1/daemons\tHTTP/1.1"),
    line("a space first", "400 bad-request", b" GET /v1/daemons HTTP/1.1"),
    line("a bare CR in the line", "400 bad-request", b"GET /v1/daemons\rX: y HTTP/1.1"),
    line("a zero byte in the method", "400 bad-request", b"G\0ET /v1/daemons HTTP/1.1"),
    line("a zero byte in the path", "400 bad-request", b"GET /v1/dae\0mons HTTP/1.1"),
    line("an escape sequence in the path", "400 bad-request", b"GET /\x1b[31m HTTP/1.1"),
    line("a space in the path", "400 bad-request", b"GET /v1/dae mons HTTP/1.1"),
    line("bytes that are no ASCII in the path", "400 bad-request", b"GET /\xff\xfe HTTP/1.1"),
    line("UTF-8 in the path", "400 bad-request", "GET /é HTTP/1.1".encode()),
    line("a path of 9,000 bytes", "400 bad-request", b"GET /" + b"a" * 9000 + b" HTTP/1.1"),
    line("a method of 9,000 letters", "400 bad-request", b"G" * 9000 + b" / HTTP/1.1"),
    line("a path without its slash", "400 bad-request", b"GET v1/daemons HTTP/1.1"),
    line("a path that begins with a backslash", "400 bad-request", b"GET \\v1\\daemons HTTP/1.1"),
    line("another host's URL, as to a proxy", "200", b"GET http://10.0.0.1/v1/daemons HTTP/1.1"),
    line("a URL without a host", "400 bad-request", b"GET http:///v1/daemons HTTP/1.1"),
    line("a fragment", "200", b"GET /v1/daemons#x HTTP/1.1"),
    line("CONNECT to a daemon's address", "404 not-found", b"CONNECT 127.0.0.1:9339 HTTP/1.1"),
    line("OPTIONS *", "404 not-found", b"OPTIONS * HTTP/1.1"),
    line("the preface of HTTP/2", "400 bad-request", b"PRI * HTTP/2.0\r\n\r\nSM\r\n"),
    Sent(
        "a TLS handshake", "400 bad-request", bytes.fromhex("16030100a5010000a10303") + b"x" * 160
    ),
    Sent("a greeting of SSH", "400 bad-request", b"SSH-2.0-OpenSSH_9.2\r\n"),
    Sent("mail", "400 bad-request", b"EHLO bridge\r\n"),
    Sent("a SOCKS greeting", "400 bad-request", b"\x05\x01\x00\r\n\r\n"),
    Sent("Flash's question for a policy", "400 bad-request", b"<policy-file-request/>\0"),
    Sent("a message of XMLSocket", "400 bad-request", b"<a/>\0"),
    Sent("200 zero bytes", "400 bad-request", bytes(200)),
    Sent("random bytes", "400 bad-request", bytes(range(128, 256)) * 4),
]

METHODS: Final = [
    *(
        Sent(f"{method} for a list", "405 method-not-allowed", request(f"{method} {LIST}"))
        for method in ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "QUERY")
    ),
    Sent("HEAD for a list", "405", request(f"HEAD {LIST}")),
    Sent("a method that nobody knows", "400 bad-request", request(f"BREW {LIST}")),
    Sent("a method in small letters", "400 bad-request", request(f"get {LIST}")),
    Sent("a method with a sign that none has", "400 bad-request", request(f"G@T {LIST}")),
    Sent("GET for an opening", "405 method-not-allowed", get(f"{LIST}/strict/sessions")),
    Sent("HEAD for messages", "405", request("HEAD /v1/sessions/<ID>/messages")),
    Sent("POST for a page", "405 method-not-allowed", request("POST /", "Content-Length: 0")),
]

PATHS: Final = [
    path("..", "404 not-found", "/../etc/passwd"),
    path(".. below a folder that is served", "404 not-found", "/client/../../config.yaml"),
    path(".. percent-encoded", "404 not-found", "/client/%2e%2e/%2e%2e/config.yaml"),
    path(".. with encoded slashes", "404 not-found", "/client/..%2f..%2fconfig.yaml"),
    path(".. encoded twice", "404 not-found", "/client/%252e%252e/config.yaml"),
    path(".. in UTF-8 that is too long", "404 not-found", "/client/%c0%ae%c0%ae/config.yaml"),
    path(".. with backslashes", "404 not-found", "/client/..\\..\\config.yaml"),
    path("an absolute path of the machine", "404 not-found", "//etc/passwd"),
    path("a folder", "404 not-found", "/client/"),
    path("a file that is not for browsers", "404 not-found", "/package.json"),
    path("a hidden file", "404 not-found", "/.git/config"),
    path("source", "404 not-found", "/app.py"),
    path("a zero byte behind a file's name", "404 not-found", "/xmlsocket.js%00.html"),
    path("a broken percent-encoding", "404 not-found", "/%zz"),
    path("half a percent-encoding", "404 not-found", "/%"),
    path("two slashes", "404 not-found", "/v1//daemons"),
    path("a slash at the end", "404 not-found", "/v1/daemons/"),
    path("capital letters", "404 not-found", "/V1/DAEMONS"),
    path("a version that is not spoken", "404 not-found", "/v2/daemons"),
    path("a path parameter", "404 not-found", "/v1/daemons;x=1"),
    path("a line break percent-encoded", "404 not-found", "/v1/daemons%0d%0aX-Injected:%20yes"),
]

DAEMONS: Final = [
    daemon("the address of a daemon", "127.0.0.1:9339"),
    daemon("an address of the machine itself", "127.0.0.1:22"),
    daemon("where clouds keep their credentials", "169.254.169.254:80"),
    daemon("an IPv6 address", "[::1]:22"),
    daemon("an address as one number", "2130706433:22"),
    daemon("a URL", "http:%2F%2F10.0.0.1%2F"),
    daemon("a file", "file:%2F%2F%2Fetc%2Fpasswd"),
    daemon("a unix socket", "unix:%2Frun%2Fdocker.sock"),
    daemon("a name with a slash", "strict%2F..%2Fblob"),
    daemon("a name in capital letters", "STRICT"),
    daemon("a name with a space", "strict%20"),
    daemon("a name with a line break", "strict%0d%0aX:%20y"),
    daemon("a name with a zero byte", "strict%00"),
    daemon("a name encoded twice", "%2573trict"),
    daemon("a name that is no UTF-8", "%ff%fe"),
    daemon("letters that look like others", "str%D1%96ct"),
    daemon("a name that turns its text around", "%E2%80%AEtcirts"),
    daemon("a template", "%7B%7B7*7%7D%7D", "404 not-found"),
    daemon("SQL", "'%20OR%201=1--"),
    daemon("a command of the shell", "$(reboot)"),
    daemon("a name of 8,000 characters", "a" * 8000),
    daemon("no name", "", "404 not-found"),
]

"""What the bridge answers: the header fields of every answer, and answers that go out in one piece.

Fetch (CORS), RFC 9110, RFC 9111 (no-store), RFC 9112.
"""

import time
from collections.abc import Mapping
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import Final

from aiohttp import HttpVersion10, web

from bridge.http.gate import ORIGIN_ALLOWED, OWNED_SESSION


def lines_of(fields: Mapping[str, str]) -> str:
    """As they stand in a head."""
    return "".join([f"{name}: {value}\r\n" for name, value in fields.items()])


COMMON_FIELDS: Final[Mapping[str, str]] = {
    "Server": "xmlsocket-bridge",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Origin",
}
COMMON_LINES: Final = lines_of(COMMON_FIELDS)
EXPOSED: Final = "Location, Retry-After, XMLSocket-First, XMLSocket-Ack, XMLSocket-End"


class Answer(web.StreamResponse):
    """Head and body in one write.

    aiohttp's `Response` gathers them in some twenty calls, which are a fifth of a long-poll's time
    (docs/decisions/011); what it offers beside, from cookies to compression, nobody here wants.
    """

    def __init__(
        self,
        status: int = 200,
        *,
        body: bytes = b"",
        content_type: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """`content_type` is the whole field, with its parameters."""
        super().__init__(status=status, headers=headers)
        if content_type is not None:
            self.headers["Content-Type"] = content_type
        self._whole = body
        self._is_written = False
        self._is_last = False

    @property
    def size(self) -> int:
        """The bytes of the body."""
        return len(self._whole)

    @property
    def prepared(self) -> bool:
        """Whether it has been written."""
        return self._is_written

    @property
    def keep_alive(self) -> bool:
        """Whether another request may follow."""
        return not self._is_last

    def force_close(self) -> None:
        """It is the connection's last; to be called before it is written."""
        self._is_last = True

    async def prepare(self, request: web.BaseRequest) -> None:
        """Write all of it, once; return when the client takes more. Raises `ConnectionError` when
        it has gone, and `ValueError` for a field with a line end in it."""
        if self._is_written:
            return
        self._is_last = self._is_last or not request.keep_alive
        body = b"" if request.method == "HEAD" else self._whole
        await request.writer.write(self._head(request) + body)
        await request.writer.drain()
        self._is_written = True

    async def write_eof(self, data: bytes = b"") -> None:
        """Nothing is left to write."""

    def _head(self, request: web.BaseRequest) -> bytes:
        fields = {**self._framing(request), **self.headers, **fields_for(request)}
        own = lines_of(fields)
        if not own.count("\n") == own.count("\r") == len(fields):
            raise ValueError("a header field has a line end in it")
        status = status_line(request.version == HttpVersion10, self.status)
        return f"{status}{COMMON_LINES}{own}\r\n".encode()

    def _framing(self, request: web.BaseRequest) -> dict[str, str]:
        """Where the answer ends, and whether the connection does."""
        framing = {"Date": http_date(int(time.time()))}
        if self.status != HTTPStatus.NO_CONTENT:
            framing["Content-Length"] = str(len(self._whole))
        if self._is_last:
            framing["Connection"] = "close"
        elif request.version == HttpVersion10:
            framing["Connection"] = "keep-alive"
        return framing


@lru_cache(1)
def http_date(second: int) -> str:
    """The value of a `Date` (RFC 9110 section 5.6.7), from seconds since the epoch."""
    return formatdate(second, usegmt=True)


@lru_cache
def status_line(is_old: bool, status: int) -> str:
    """The first line of an answer (RFC 9112 section 4), in HTTP/1.0 to whoever `is_old`."""
    return f"HTTP/1.{0 if is_old else 1} {status} {HTTPStatus(status).phrase}\r\n"


def fields_for(request: web.BaseRequest) -> dict[str, str]:
    """Beside `COMMON_FIELDS`, what every answer to this request has."""
    fields = {}
    origin = request.headers.get("Origin")
    if origin is not None and request.get(ORIGIN_ALLOWED):
        fields["Access-Control-Allow-Origin"] = origin
        fields["Access-Control-Expose-Headers"] = EXPOSED
    session = request.get(OWNED_SESSION)
    if session is not None:
        fields["XMLSocket-Ack"] = str(session.core.up.accepted)
    return fields


def fields_of_any_answer(request: web.BaseRequest) -> dict[str, str]:
    """All of them, for what is no `Answer`: a stream, and what takes the connection over."""
    return {**COMMON_FIELDS, **fields_for(request)}


async def add_common_fields(request: web.Request, response: web.StreamResponse) -> None:
    """To a stream, just before its head goes out."""
    response.headers.update(fields_of_any_answer(request))

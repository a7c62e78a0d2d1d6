"""Rows that go over HTTP, and the requests they are made of."""

from dataclasses import dataclass
from typing import Final

from tests.security.bad_input.stage import Stage, in_words

MESSAGES: Final = "/v1/sessions/<ID>/messages"
BEARER: Final = "Authorization: Bearer <KEY>"
JSON: Final = "Content-Type: application/json"


@dataclass(frozen=True, slots=True)
class Sent:
    """Bytes over a connection of their own."""

    kind: str
    got: str
    data: bytes
    of: str = "strict"

    async def play(self, stage: Stage) -> str:
        return in_words(await stage.all_for(self.data, "http"))


def request(line: str, *headers: str, body: bytes = b"", host: str = "Host: bridge") -> bytes:
    """A request after whose answer the connection ends."""
    head = [f"{line} HTTP/1.1", host, "Connection: close", *headers, "", ""]
    return "\r\n".join(head).encode() + body


def get(target: str, *headers: str) -> bytes:
    return request(f"GET {target}", *headers)


def receive(query: str, *headers: str) -> bytes:
    """For messages of the session, by its owner."""
    return get(f"{MESSAGES}{query}", BEARER, *headers)


def post(body: bytes, *headers: str, query: str = "") -> bytes:
    """For messages to the session, by its owner."""
    sized = (BEARER, f"Content-Length: {len(body)}", *headers)
    return request(f"POST {MESSAGES}{query}", *sized, body=body)


def chunked(body: bytes, *headers: str) -> bytes:
    """The same with a body whose chunks are written by hand."""
    return request(f"POST {MESSAGES}", BEARER, "Transfer-Encoding: chunked", *headers, body=body)


def opening(*headers: str, of: str = "strict", query: str = "") -> bytes:
    """For a session."""
    return request(f"POST /v1/daemons/{of}/sessions{query}", "Content-Length: 0", *headers)

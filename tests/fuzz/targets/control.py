"""A control frame of a client is one JSON object or a broken rule."""

import json
from typing import Final

from bridge.protocol.control import BadControl, ClientControl, decode

WORDS: Final = (
    *(b'{"ack":', b'{"close":{}}', b"}", b"true", b"1e3", b"-1", b"1_0", b"null", b'"ack"', b","),
    *(b"[" * 500, b'{"a":' * 500, b"9" * 5000, b"\xef\xbb\xbf", b"Infinity"),
)
EXAMPLES: Final = (b'{"ack":5,"close":{}}',)


def check(data: bytes) -> None:
    try:
        said: ClientControl | None = decode(data)
    except (BadControl, UnicodeDecodeError):
        said = None
    assert said == expected(data)


def expected(data: bytes) -> ClientControl | None:
    """The same from the contract: an object, in which `ack` is a number from 0."""
    try:
        members = json.loads(
            data.decode(), parse_float=lambda _: "no whole number", parse_constant=int
        )
    except (ValueError, RecursionError):
        return None
    if not isinstance(members, dict):
        return None
    number = members.get("ack", 0)
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        return None
    return ClientControl(members.get("ack"), "close" in members)

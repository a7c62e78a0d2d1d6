"""Request and answer bodies: batches as they are (`application/vnd.xmlsocket`), or JSON.

Up goes by `Content-Type`, down by `Accept`; anything but JSON means the default.
"""

import json
import re
from typing import Final, NamedTuple

from bridge.errors import Problem
from bridge.protocol.checks import Fault

XMLSOCKET: Final = "application/vnd.xmlsocket"
JSON: Final = "application/json"

MEDIA_RANGE: Final = re.compile(r"\s*([^;\s]+)\s*((?:;[^;]*)*)")
QUALITY: Final = re.compile(r";\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*(?:;|$)", re.IGNORECASE)


class UpBody(NamedTuple):
    """The messages of a request, up to the first that cannot even be written down as bytes, with
    the fault of that one."""

    batch: bytes
    fault: Fault | None = None


def is_json(content_type: str) -> bool:
    """Whether a `Content-Type` names JSON."""
    return content_type.partition(";")[0].strip().lower() == JSON


def prefers_json(accept: str) -> bool:
    """Whether an `Accept` header names JSON, and not the default with a higher quality."""
    quality = {XMLSOCKET: 0.0, JSON: 0.0}
    for part in accept.split(","):
        match = MEDIA_RANGE.fullmatch(part)
        if match is not None and match[1].lower() in quality:
            weight = QUALITY.search(match[2])
            quality[match[1].lower()] = float(weight[1]) if weight else 1.0
    return 0.0 < quality[JSON] >= quality[XMLSOCKET]


def unterminated() -> Problem:
    """A body of the default type whose last message does not end."""
    return Problem("unterminated", "the body must end in a zero byte, as each message does")


def encode_json(first: int, batch: bytes, ack: int) -> bytes:
    """A JSON answer: the number of the first message, the messages, the highest up number
    accepted."""
    *messages, _ = batch.decode().split("\0")
    document = {"first": first, "messages": messages, "ack": ack}
    return json.dumps(document, ensure_ascii=False).encode() + b"\n"

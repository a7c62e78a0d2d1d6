"""Request and answer bodies: batches as they are (`application/vnd.xmlsocket`), or JSON.

Up goes by `Content-Type`, down by `Accept`; anything but JSON means the default.
"""

import json
import re
from typing import Final, NamedTuple

from bridge.errors import Problem
from bridge.protocol.checks import Fault
from bridge.protocol.framing import count, join, split

XMLSOCKET: Final = "application/vnd.xmlsocket"
JSON: Final = "application/json"

MEDIA_RANGE: Final = re.compile(r"\s*([^;\s]+)\s*((?:;[^;]*)*)")
QUALITY: Final = re.compile(r";\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*(?:;|$)", re.IGNORECASE)

ZERO_IN_MESSAGE: Final = Fault("bad-encoding", "a message cannot hold U+0000, which ends it")
LONE_SURROGATE: Final = Fault("bad-encoding", "the message holds a lone surrogate")


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


def decode_json(body: bytes) -> UpBody:
    """`{"messages": [...]}`, other members ignored. Raises `Problem` `bad-json`."""
    try:
        document = json.loads(body.decode())
    except (ValueError, RecursionError):
        raise bad_json() from None
    messages = document.get("messages") if isinstance(document, dict) else None
    if not isinstance(messages, list):
        raise bad_json()
    try:
        batch = "\0".join((*messages, "")).encode()
    except TypeError:
        raise bad_json() from None
    except UnicodeEncodeError:
        return up_to_fault(messages)
    return UpBody(batch) if count(batch) == len(messages) else up_to_fault(messages)


def up_to_fault(messages: list[str]) -> UpBody:
    """The messages before the first one that cannot be written down."""
    encoded: list[bytes] = []
    for text in messages:
        if "\0" in text:
            return UpBody(join(encoded), ZERO_IN_MESSAGE)
        try:
            encoded.append(text.encode())
        except UnicodeEncodeError:
            return UpBody(join(encoded), LONE_SURROGATE)
    return UpBody(join(encoded))


def bad_json() -> Problem:
    """The body is JSON of another shape, or no JSON."""
    return Problem("bad-json", 'the body must be {"messages": ["<a/>", ...]} in UTF-8')


def encode_json(first: int, batch: bytes, ack: int) -> bytes:
    """A JSON answer: the number of the first message, the messages, the highest up number
    accepted."""
    messages = [message.decode() for message in split(batch)]
    document = {"first": first, "messages": messages, "ack": ack}
    return json.dumps(document, ensure_ascii=False).encode() + b"\n"

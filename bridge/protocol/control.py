"""The control frames of `xmlsocket.v1`: one JSON object in a text frame without a zero byte."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from bridge.errors import End
from bridge.protocol.strict_json import DECODER
from bridge.protocol.up_log import Refusal


class BadControl(Exception):
    """A text frame without a zero byte is not a valid control frame; the text says why."""


class ClientControl(NamedTuple):
    """What a client's control frame says: `ack` (or `None`) and whether it closes the session."""

    ack: int | None
    close: bool


def encode(members: Mapping[str, object]) -> bytes:
    """One control frame's text."""
    return json.dumps(members, separators=(",", ":")).encode()


def opened(session: Mapping[str, object], accepted: int, first: int) -> bytes:
    """The first frame of a socket: what Open answers, the highest up number accepted, and the
    number of the next down message."""
    return encode({"open": session, "ack": accepted, "first": first})


def ack(number: int) -> bytes:
    """All up messages to this number are accepted."""
    return b'{"ack":%d}' % number


def reject(refusal: Refusal) -> bytes:
    """An up message was refused."""
    code, detail = refusal.fault
    return encode({"reject": {"message": refusal.number, "code": code, "detail": detail}})


def close(end: End) -> bytes:
    """The session has ended."""
    return encode({"close": end.members})


def decode(text: bytes) -> ClientControl:
    """Read a client's control frame; members we do not know are ignored.

    Raises `BadControl`; for text that is not UTF-8, `UnicodeDecodeError`.
    """
    try:
        members = DECODER.decode(text.decode())
    except UnicodeDecodeError:
        raise
    except (ValueError, RecursionError):
        raise BadControl("a frame without a zero byte must be one JSON object") from None
    if not isinstance(members, dict):
        raise BadControl("a control frame must be a JSON object")
    number: Any = members.get("ack")
    if "ack" in members and (type(number) is not int or number < 0):
        raise BadControl("ack must be a number, 0 or above")
    return ClientControl(number, "close" in members)

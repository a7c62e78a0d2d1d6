"""The opening handshake of RFC 6455 (section 4.2), as far as it is headers in, headers out."""

import base64
import binascii
from collections.abc import Mapping
from hashlib import sha1
from typing import Final

from bridge.errors import Problem

GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
VERSION: Final = "13"

V1: Final = "xmlsocket.v1"
PLAIN: Final = "xmlsocket"
BINARY: Final = "binary"
KEY_PREFIX: Final = "key."


def tokens(value: str) -> list[str]:
    """The members of a comma-separated header (RFC 9110 section 5.6.1)."""
    return [token for part in value.split(",") if (token := part.strip())]


def check_upgrade(headers: Mapping[str, str]) -> None:
    """Raise `Problem` unless these are the headers of a WebSocket handshake of version 13."""
    upgrade = [token.lower() for token in tokens(headers.get("Upgrade", ""))]
    connection = [token.lower() for token in tokens(headers.get("Connection", ""))]
    if "websocket" not in upgrade or "upgrade" not in connection:
        hint = {"Upgrade": "websocket", "Connection": "Upgrade"}
        raise Problem("upgrade-required", "this address speaks WebSocket", headers=hint)
    if headers.get("Sec-WebSocket-Version", "").strip() != VERSION:
        raise Problem(
            "upgrade-required",
            "only WebSocket version 13 is spoken",
            headers={"Sec-WebSocket-Version": VERSION},
        )
    if not is_nonce(headers.get("Sec-WebSocket-Key", "").strip()):
        raise Problem("bad-handshake", "Sec-WebSocket-Key is not 16 bytes in base64")


def is_nonce(key: str) -> bool:
    """Whether a `Sec-WebSocket-Key` is what section 4.1 asks for."""
    try:
        return len(base64.b64decode(key.encode(), validate=True)) == 16
    except (binascii.Error, UnicodeEncodeError):
        return False


def accept_token(key: str) -> str:
    """`Sec-WebSocket-Accept` for a `Sec-WebSocket-Key` (section 4.2.2, step 5.4)."""
    return base64.b64encode(sha1(key.encode() + GUID).digest()).decode()


def switching_protocols(key: str, subprotocol: str | None, fields: Mapping[str, str]) -> bytes:
    """The whole 101 answer, with these fields beside its own."""
    lines = [
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Accept: {accept_token(key.strip())}",
        *(f"{name}: {value}" for name, value in fields.items()),
    ]
    if subprotocol is not None:
        lines.append(f"Sec-WebSocket-Protocol: {subprotocol}")
    return "\r\n".join((*lines, "", "")).encode()


def key_offered(subprotocols: list[str]) -> str | None:
    """The session key that a client offers as `key.{key}` among its subprotocols."""
    for subprotocol in subprotocols:
        if subprotocol.startswith(KEY_PREFIX):
            return subprotocol.removeprefix(KEY_PREFIX)
    return None

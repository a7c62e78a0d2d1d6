"""The credential of a request that opens: a Bearer header, or a subprotocol where a WebSocket's
client can set no header."""

import base64
import binascii
import re
from typing import Final

from aiohttp import web

from bridge.auth.identity import Identity
from bridge.protocol.handshake import tokens

IDENTITY: Final = web.RequestKey("identity", Identity)
BEARER: Final = "bearer "
TOKEN_PREFIX: Final = "token."
BASE64URL: Final = re.compile(r"([A-Za-z0-9_-]*)=*")


def token_given(request: web.Request) -> str | None:
    """The token as `Authorization: Bearer {token}`, or as the subprotocol `token.{token}` with the
    token in base64url, since subprotocols have no `/` and no `=`."""
    bearer = bearer_given(request)
    if bearer is not None:
        return bearer
    offered = tokens(",".join(request.headers.getall("Sec-WebSocket-Protocol", [])))
    for subprotocol in offered:
        if subprotocol.startswith(TOKEN_PREFIX):
            return from_base64url(subprotocol.removeprefix(TOKEN_PREFIX))
    return None


def bearer_given(request: web.Request) -> str | None:
    """What `Authorization: Bearer` has (RFC 6750 section 2.1), token or key."""
    authorization = request.headers.get("Authorization", "").strip()
    if authorization.lower().startswith(BEARER):
        return authorization[len(BEARER) :].strip()
    return None


def from_base64url(text: str) -> str:
    """What is encoded (RFC 4648 section 5, with or without padding); "", which is no token, where
    nothing is."""
    found = BASE64URL.fullmatch(text)
    if found is None:
        return ""
    padded = found[1] + "=" * (-len(found[1]) % 4)
    try:
        return base64.urlsafe_b64decode(padded).decode()
    except (binascii.Error, UnicodeError):
        return ""

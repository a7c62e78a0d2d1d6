"""What a request shows for itself: the token of one that opens, the key of one for a session.

Each may come as a header or, where a WebSocket's client can set none, as a subprotocol.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Final

from aiohttp import web

from bridge.auth.identity import Identity
from bridge.http.parameters import once
from bridge.protocol.handshake import key_offered, tokens

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
    for subprotocol in subprotocols(request):
        if subprotocol.startswith(TOKEN_PREFIX):
            return from_base64url(subprotocol.removeprefix(TOKEN_PREFIX))
    return None


def key_given(request: web.Request, *, key_in_query: bool = False) -> str | None:
    """The session key of a request: a header of its own, a WebSocket subprotocol, or, where the
    client can set neither (EventSource), the query; `Authorization` last, which may be somebody
    else's. Raises `bad-parameter` for two keys in the query."""
    headers: Mapping[str, str] = request.headers
    if "XMLSocket-Key" in headers:
        return headers["XMLSocket-Key"].strip()
    key = key_offered(subprotocols(request))
    if key is None and key_in_query:
        key = once(request, "key")
    return bearer_given(request) if key is None else key


def bearer_given(request: web.Request) -> str | None:
    """What `Authorization: Bearer` has (RFC 6750 section 2.1), token or key."""
    authorization = request.headers.get("Authorization", "").strip()
    if authorization.lower().startswith(BEARER):
        return authorization[len(BEARER) :].strip()
    return None


def subprotocols(request: web.Request) -> list[str]:
    """What a WebSocket client offers, over all its header lines."""
    return tokens(",".join(request.headers.getall("Sec-WebSocket-Protocol", [])))


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

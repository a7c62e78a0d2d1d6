"""A JSON Web Token lets in only if its signature is right by the standard library's HMAC and its
claims say so; whatever else comes is refused in words that hold nothing of it."""

import base64
import hashlib
import hmac
import json
import math
from typing import Any, Final

from bridge.auth.identity import Refused
from bridge.auth.jwt_tokens import JwtTokens
from bridge.config.token_issuer import TokenIssuer
from tests.fuzz.dealt import Dealt

SECRET: Final = "a secret of at least thirty-two bytes"
ISSUER: Final = JwtTokens(TokenIssuer("HS256", "bridge", SECRET))
FAR: Final = 4102444800
"""An end of validity in the year 2100."""
HEADER: Final = b'{"alg":"HS256","typ":"JWT"}'
CLAIMS: Final = b'{"sub":"ada","aud":"bridge","exp":%d,"daemons":["chat"]}' % FAR
WORDS: Final = (
    *(
        HEADER,
        CLAIMS,
        b'"alg":"none"',
        b'"HS256"',
        b'"RS256"',
        b'"kid":',
        b'"crit":["exp"]',
        b"1e999",
    ),
    *(
        b'"exp":',
        b'"aud":["bridge"]',
        b'"daemons":"chat"',
        b'"nbf":',
        b'"sub":',
        b"NaN",
        b"-1",
        b"true",
    ),
    *(b"null", b'"b64":false', b"[" * 400, b"9" * 400, b'"iat":', b"4102444800", b"\\ud800", b"."),
)


def check(data: bytes) -> None:
    dealt = Dealt(data)
    way, size = dealt.number(2), dealt.number()
    header = dealt.take(size) if way == 2 else HEADER
    token = given(way, header, dealt.rest())
    try:
        identity = ISSUER.identify(token, "chat")
    except Refused as refused:
        assert len(token) < 20 or token not in str(refused)
        return
    claims = sound_claims(token)
    assert identity.user == claims["sub"]
    assert identity.expires_at is not None
    assert 0 < identity.expires_at <= max(claims["exp"], 2**53)


def given(way: int, header: bytes, payload: bytes) -> str:
    """As it came, or signed: with the usual header, or with one of its own."""
    if way == 0:
        return payload.decode("latin-1")
    signed = encoded(header) + b"." + encoded(payload)
    return (signed + b"." + encoded(signature_of(signed))).decode()


def encoded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def signature_of(signed: bytes) -> bytes:
    return hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()


def sound_claims(token: str) -> dict[str, Any]:
    """The claims of a token that may let in. Raises `AssertionError` for any other."""
    signed, _, signature = token.encode().rpartition(b".")
    header, payload = (decoded(part) for part in signed.split(b"."))
    assert decoded(signature) == signature_of(signed)
    assert json.loads(header)["alg"] == "HS256"
    claims: dict[str, Any] = json.loads(payload)
    audience, daemons = claims["aud"], claims["daemons"]
    assert audience == "bridge" or "bridge" in audience
    assert daemons == "chat" or "chat" in daemons
    assert math.isfinite(float(claims["exp"]))
    return claims


def decoded(part: bytes) -> bytes:
    return base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))


EXAMPLES: Final = (
    b"\1\0" + CLAIMS,
    b"\2" + bytes([len(HEADER)]) + HEADER + CLAIMS.replace(b'"bridge"', b'["bridge"]'),
    b"\0\0" + b".".join((encoded(HEADER), encoded(CLAIMS), encoded(b"no signature"))),
)

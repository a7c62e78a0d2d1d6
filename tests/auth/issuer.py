"""Somebody who issues JSON Web Tokens, with keys of its own, and what it can be made to say."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

SECRET: Final = "a secret of at least thirty-two bytes"
RSA_KEY: Final = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY: Final = ec.generate_private_key(ec.SECP256R1())
PRIVATE: Final[dict[str, Any]] = {"HS256": SECRET, "RS256": RSA_KEY, "ES256": EC_KEY}
AUDIENCE: Final = "bridge"


def pem_of(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    """The public key."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def jwk(key: Any, **members: object) -> dict[str, object]:
    """The public key as RFC 7517 writes it."""
    algorithm = RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else ECAlgorithm
    written: dict[str, object] = json.loads(algorithm.to_jwk(key.public_key()))
    return {**written, **members}


PUBLIC: Final = {"HS256": SECRET, "RS256": pem_of(RSA_KEY), "ES256": pem_of(EC_KEY)}


def claims(**changes: object) -> dict[str, object]:
    """Good ones for the daemon `chat`; what is `None` is left out."""
    good = {
        "sub": "ada",
        "aud": AUDIENCE,
        "exp": int(time.time()) + 600,
        "daemons": ["chat"],
        **changes,
    }
    return {name: value for name, value in good.items() if value is not None}


def issued(algorithm: str = "HS256", /, **changes: object) -> str:
    """A token signed as it should be."""
    return jwt.encode(claims(**changes), PRIVATE[algorithm], algorithm)


def forged(header: bytes, payload: bytes, key: bytes) -> str:
    """Whatever is wanted, signed by HMAC."""
    signed = base64url(header) + b"." + base64url(payload)
    signature = hmac.new(key, signed, hashlib.sha256).digest()
    return (signed + b"." + base64url(signature)).decode()


def with_header(header: dict[str, object], key: str = SECRET) -> str:
    """Good claims below this header."""
    return forged(json.dumps(header).encode(), json.dumps(claims()).encode(), key.encode())


def base64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")

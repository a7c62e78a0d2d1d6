"""The keys of issuers, each for one algorithm alone: a public key is never a secret (RFC 8725
sections 3.1 and 3.5)."""

import sys
from importlib.util import find_spec
from typing import Any, Final

from bridge.config.token_issuer import Algorithm

MIN_SECRET_BYTES: Final = 32
"""As long as what HS256 computes (RFC 7518 section 3.2)."""
MIN_RSA_BITS: Final = 2048
"""RFC 7518 section 3.3."""


def key_of(algorithm: Algorithm, text: str) -> Any:
    """The key as PyJWT takes it. Raises `ValueError` with the whole fault, without the key."""
    if algorithm == "HS256":
        return _secret(text)
    need_cryptography(algorithm)
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - an extra

    try:
        key = serialization.load_pem_public_key(text.encode())
    except Exception as error:
        raise ValueError(
            "the key is no PEM of a public key; write what openssl pkey -pubout prints"
        ) from error
    check_public_key(algorithm, key)
    return key


def need_cryptography(algorithm: Algorithm) -> None:
    """Raise `ValueError` where it is not installed."""
    if find_spec("cryptography") is None:
        raise ValueError(
            f"{algorithm} takes the package cryptography; "
            f"install it: {sys.executable} -m pip install cryptography"
        )


def check_public_key(algorithm: Algorithm, key: object) -> None:
    """Raise `ValueError` unless the key is one for the algorithm."""
    from cryptography.hazmat.primitives.asymmetric import ec, rsa  # noqa: PLC0415 - an extra

    match algorithm, key:
        case "RS256", rsa.RSAPublicKey():
            if key.key_size < MIN_RSA_BITS:
                raise ValueError(f"the key has {key.key_size} bits; write one of {MIN_RSA_BITS}")
        case "ES256", ec.EllipticCurvePublicKey() if key.curve.name == "secp256r1":
            pass
        case _:
            kind = "an RSA key" if algorithm == "RS256" else "a key on the curve P-256"
            raise ValueError(f"the key is none for {algorithm}; write {kind}")


def _secret(text: str) -> bytes:
    if "-----BEGIN" in text or text.startswith("ssh-"):
        raise ValueError("the key is a public one, which is no secret; write RS256 or ES256")
    secret = text.encode()
    if len(secret) < MIN_SECRET_BYTES:
        raise ValueError(f"the key is shorter than {MIN_SECRET_BYTES} bytes; write a longer one")
    return secret

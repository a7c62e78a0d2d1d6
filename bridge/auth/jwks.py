"""The keys that an issuer publishes as a JWK Set (RFC 7517), each with a name, the `kid`."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import jwt

from bridge.auth.jwt_keys import check_public_key, need_cryptography
from bridge.config.token_issuer import Algorithm

MAX_KEYS: Final = 64
"""Issuers publish a handful: the one in use, and those before and after it."""


class KeySet:
    """Those keys of a set that are for the one algorithm."""

    def __init__(self, keys: Mapping[str | None, Any]) -> None:
        self._keys = dict(keys)

    def find(self, kid: str | None) -> Any | None:
        """The key of this name. A token that names none means the only one there is."""
        if kid is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(kid)


class OneKey:
    """A key without a name: it is meant, whatever a token calls it."""

    def __init__(self, key: Any) -> None:
        self._key = key

    def find(self, kid: str | None) -> Any | None:
        """This one."""
        return self._key


def read_key_set(algorithm: Algorithm, text: str | bytes) -> KeySet:
    """The usable keys of the set; others in it are for other uses. Raises `ValueError` with the
    whole fault where there is none."""
    need_cryptography(algorithm)
    try:
        document = json.loads(text)
        listed = document["keys"]
        keys = dict(usable(algorithm, listed[:MAX_KEYS]))
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise ValueError('it is no JWK Set; write {"keys": [...]} as RFC 7517 has it') from error
    if not keys:
        raise ValueError(f"no key in it is for {algorithm}; write the issuer's public keys")
    return KeySet(keys)


def usable(algorithm: Algorithm, listed: list[Any]) -> Iterator[tuple[str | None, Any]]:
    """The public keys for this algorithm and for signatures, by name."""
    for written in listed:
        if not isinstance(written, dict) or written.get("use", "sig") != "sig":
            continue
        if written.get("alg", algorithm) != algorithm:
            continue
        kid = written.get("kid")
        key = public_key(algorithm, written)
        if key is not None and (kid is None or isinstance(kid, str)):
            yield kid, key


def public_key(algorithm: Algorithm, written: dict[str, Any]) -> Any | None:
    """One JWK as PyJWT takes it; `None` where it is none for the algorithm.

    A private one is not even read: to find the factors of a long RSA key takes seconds, in which
    nobody is served.
    """
    if "d" in written:
        return None
    try:
        key = jwt.PyJWK(written, algorithm).key
        check_public_key(algorithm, key)
    except (jwt.PyJWTError, ValueError, TypeError, LookupError):
        return None
    return key

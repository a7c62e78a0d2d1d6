"""Whose JSON Web Tokens let in: the key to check them by, and what must stand in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, get_args

from bridge.config.guess import check_key
from bridge.config.secret import FILE, read_secret
from bridge.config.wording import quoted

Algorithm: TypeAlias = Literal["HS256", "RS256", "ES256"]
ALGORITHMS: Final = get_args(Algorithm)
NEEDED: Final = ("algorithm", "audience", "key or jwks")
URL: Final = re.compile(r"https://[^\s/]+|http://(127\.0\.0\.1|\[::1\]|localhost)[:/]")
"""Keys are believed as they come, so on the way they need TLS."""


@dataclass(frozen=True, slots=True)
class TokenIssuer:
    """One issuer. `key` and `jwks` are for the one `algorithm`: PEM of the public key, or for HS256
    the secret itself; else the text of a JWK Set, or the URL where that is. `None` for `issuer`:
    any; for `daemons_claim`: good for each daemon."""

    algorithm: Algorithm
    audience: str
    key: str | None = field(default=None, repr=False)
    jwks: str | None = field(default=None, repr=False)
    issuer: str | None = None
    user_claim: str = "sub"
    daemons_claim: str | None = "daemons"

    @property
    def jwks_url(self) -> str | None:
        """Where the JWK Set is published; `None` where it is not fetched."""
        return self.jwks if self.jwks is not None and URL.match(self.jwks) else None


KEYS: Final = tuple(each.name for each in fields(TokenIssuer))


def token_issuer(value: object, folder: Path) -> TokenIssuer:
    """From what is below `jwt`. Raises `ValueError` with the whole fault, which shows no value."""
    if not isinstance(value, Mapping):
        raise ValueError(f"jwt: no mapping; write {', '.join(NEEDED)} below it")
    written: dict[str, Any] = {}
    for key, text in value.items():
        _check_key(key)
        written[key] = _text(key, text)
    _check(written)
    for key in written.keys() & {"key", "jwks"}:
        if not URL.match(written[key]):
            written[key] = _key(key, written[key], folder)
    return TokenIssuer(**written)


def _check(written: Mapping[str, Any]) -> None:
    for key in ("algorithm", "audience"):
        if key not in written:
            raise ValueError(f"jwt.{key}: missing; write {', '.join(NEEDED)} below jwt")
    if ("key" in written) == ("jwks" in written):
        raise ValueError("jwt: needs exactly one of key and jwks; write one of the two")
    if written["algorithm"] not in ALGORITHMS:
        fault = f"jwt.algorithm: {quoted(written['algorithm'])} is not known"
        raise ValueError(f"{fault}; write one of {', '.join(ALGORITHMS)}")
    if "jwks" in written:
        _check_jwks(written["jwks"], written["algorithm"])


def _check_jwks(text: str, algorithm: str) -> None:
    if algorithm == "HS256":
        raise ValueError("jwt.jwks: HS256 has a secret, which is not published; write key")
    if not text.startswith(FILE) and not URL.match(text):
        raise ValueError("jwt.jwks: not known where that is; write file:PATH or https://...")


def _check_key(key: object) -> None:
    try:
        check_key(key, KEYS)
    except ValueError as error:
        raise ValueError(f"jwt.{error}") from error


def _text(key: str, value: object) -> str | None:
    if value is None and key in ("issuer", "daemons_claim"):
        return None
    if not isinstance(value, str) or not value:
        raise ValueError(f"jwt.{key}: no text; write it in quotes")
    return value


def _key(key: str, text: str, folder: Path) -> str:
    try:
        return read_secret(text, folder)
    except ValueError as error:
        raise ValueError(f"jwt.{key}: {error}") from error

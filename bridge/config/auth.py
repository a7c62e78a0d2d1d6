"""Who may connect: everybody whom the origins let in, or those with a credential of these kinds."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

from pydantic import Field, PlainValidator, ValidationInfo

from bridge.config.folder import folder_of
from bridge.config.guess import check_key
from bridge.config.secret import read_secret
from bridge.config.token_issuer import TokenIssuer, token_issuer
from bridge.config.wording import described, quoted

FORM: Final = "none, or tokens, jwt, user_header or several of them below it"
NONE: Final = "none"
USER: Final = re.compile(r"[A-Za-z0-9._@-]{1,64}")
TOKEN: Final = re.compile(r"(?=.{16,512}$)[A-Za-z0-9._~+/-]+=*")
"""What a Bearer header can carry (RFC 6750 section 2.1). Below 16 characters a token can be found
by trying, above 512 it fits into few headers beside others."""
HEADER: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
TAKEN: Final = ("authorization", "cookie", "host", "origin", "xmlsocket-key")
"""Clients write these themselves, and proxies pass them on."""


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token, by whom it is known in the log. Only its SHA-256 is kept."""

    user: str
    digest: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Auth:
    """The kinds of credentials that let one in, any of them; without one, nobody is asked."""

    tokens: tuple[Token, ...] = ()
    jwt: TokenIssuer | None = None
    user_header: str | None = None

    def __str__(self) -> str:
        kinds = [kind for kind in KINDS if getattr(self, kind)]
        return " and ".join(kinds) or NONE

    @property
    def is_asked(self) -> bool:
        """Whether a credential is needed."""
        return self != Auth()


def digest_of(word: str) -> bytes:
    """What is kept and compared in place of a secret word: how long that takes tells nothing about
    the word."""
    return sha256(word.encode(errors="surrogatepass")).digest()


def _auth(value: object, info: ValidationInfo) -> Auth:
    if isinstance(value, Auth):
        return value
    if value == NONE:
        return Auth()
    if not isinstance(value, Mapping) or not value:
        raise ValueError(f"{_wrong(value)}; write {FORM} (default none)")
    for key in value:
        check_key(key, KINDS)
    folder = folder_of(info)
    return Auth(**{key: KINDS[key](written, folder) for key, written in value.items()})


def _wrong(value: object) -> str:
    """What was given in place of a mapping, unless it may be a token in the wrong place."""
    match value:
        case {}:
            return "empty"
        case str() if value in KINDS:
            return f"{quoted(value)} has nothing below it"
        case str() | int() | float() if not isinstance(value, bool):
            return (
                "a text or number that is not understood (it may be a secret, so it is not shown)"
            )
        case _:
            return described(value)


def _auth_or_none(value: object, info: ValidationInfo) -> Auth | None:
    return None if value is None else _auth(value, info)


def _tokens(value: object, folder: Path) -> tuple[Token, ...]:
    if not isinstance(value, Mapping) or not value:
        raise ValueError(
            "tokens: no mapping; write NAME: TOKEN, env:VARIABLE or file:PATH below it"
        )
    tokens = tuple(_token(user, text, folder) for user, text in value.items())
    users = {token.digest: token.user for token in tokens}
    for token in tokens:
        if users[token.digest] != token.user:
            same = f"{token.user} and {users[token.digest]}"
            raise ValueError(f"tokens: {same} have the same one; give each its own")
    return tokens


def _token(user: object, text: object, folder: Path) -> Token:
    if not isinstance(user, str) or not USER.fullmatch(user):
        raise ValueError(
            "tokens: a key is no name for the log; write 1 to 64 of A-Z, a-z, 0-9 and . _ @ -"
        )
    if not isinstance(text, str):
        raise ValueError(f"tokens.{user}: no text; write it in quotes, or env:NAME or file:PATH")
    try:
        token = read_secret(text, folder)
    except ValueError as error:
        raise ValueError(f"tokens.{user}: {error}") from error
    if not TOKEN.fullmatch(token):
        raise ValueError(
            f"tokens.{user}: not a token; write 16 to 512 of A-Z, a-z, 0-9 and - . _ ~ + /, "
            "for example what openssl rand -hex 32 prints"
        )
    return Token(user, digest_of(token))


def _user_header(value: object, folder: Path) -> str:
    if not isinstance(value, str) or not HEADER.fullmatch(value) or value.lower() in TAKEN:
        raise ValueError("user_header: not a header of its own; write for example X-User")
    return value


KINDS: Final[Mapping[str, Callable[[object, Path], Any]]] = {
    "tokens": _tokens,
    "jwt": token_issuer,
    "user_header": _user_header,
}

AuthOfAll: TypeAlias = Annotated[Auth, PlainValidator(_auth), Field(description=FORM)]
AuthOfDaemon: TypeAlias = Annotated[
    Auth | None, PlainValidator(_auth_or_none), Field(description=FORM)
]

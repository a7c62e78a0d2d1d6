"""Static bearer tokens."""

import hmac
from collections.abc import Iterable

from bridge.auth.identity import Identity
from bridge.config.auth import Token, digest_of


class Tokens:
    """The tokens that let in to one daemon."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        self._tokens = tuple(tokens)

    def identify(self, given: str) -> Identity | None:
        """Whose it is; `None` for an unknown one.

        All are compared, each in constant time, so that time tells nothing of any.
        """
        digest, found = digest_of(given), None
        for token in self._tokens:
            if hmac.compare_digest(token.digest, digest):
                found = Identity(token.user)
        return found

"""JSON Web Tokens (RFC 7519), checked as RFC 8725 asks: one algorithm, fixed beforehand; audience
and end of validity needed."""

from collections.abc import Mapping
from typing import Any, Final

import jwt

from bridge.auth.identity import Expired, Identity, NotNamed, Refused, checked_user
from bridge.auth.jwks import KeySet, OneKey, read_key_set
from bridge.auth.jwt_keys import key_of
from bridge.auth.published_keys import PublishedKeys
from bridge.config.token_issuer import TokenIssuer

MAX_CHARACTERS: Final = 8192
"""As many as a header line may have."""
MAX_EXPIRES_AT: Final = 2**53
"""What a JSON number can say to the second."""

REASONS: Final[Mapping[type[jwt.PyJWTError], str]] = {
    jwt.ImmatureSignatureError: "it is not valid yet",
    jwt.InvalidAudienceError: "it is for another audience",
    jwt.InvalidIssuerError: "it is of another issuer",
    jwt.MissingRequiredClaimError: "a claim is missing",
    jwt.InvalidAlgorithmError: "it is not signed by the configured algorithm",
    jwt.InvalidSignatureError: "its signature is wrong",
}
"""For the log, in words that hold nothing of the token."""


class JwtTokens:
    """The tokens of one issuer."""

    def __init__(self, issuer: TokenIssuer) -> None:
        """Raises `ValueError` with the whole fault of the key."""
        self._issuer = issuer
        self.keys: Final = keys_of(issuer)

    def identify(self, given: str, daemon: str) -> Identity:
        """Who the token says is there, and until when. Raises `Refused`, and its kinds `NotNamed`
        where the token is good for other daemons, `Expired` where it was good."""
        claims = self._claims(given)
        identity = Identity(checked_user(claims.get(self._issuer.user_claim)), expiry(claims))
        if not self._names(claims, daemon):
            raise NotNamed(f"the token of {identity.user} does not name the daemon")
        return identity

    def _claims(self, given: str) -> dict[str, Any]:
        if len(given) > MAX_CHARACTERS:
            raise Refused("the token is too long")
        issuer = self._issuer
        try:
            return jwt.decode(
                given,
                self._key(given),
                algorithms=[issuer.algorithm],
                audience=issuer.audience,
                issuer=issuer.issuer,
                options={"require": ["exp", "aud"], "verify_iat": False},
            )
        except jwt.ExpiredSignatureError:
            # Claims are looked at once the signature has proved good: no forgery comes so far.
            raise Expired("the token has expired") from None
        except jwt.PyJWTError as error:
            reason = REASONS.get(type(error), "it is no sound JWT")
            raise Refused(f"the token is not good: {reason}") from None
        except (ValueError, TypeError, OverflowError, RecursionError):
            # What PyJWT lets through of numbers without end and of JSON that is nested too deep.
            raise Refused("the token is not good: it is no sound JWT") from None

    def _key(self, given: str) -> Any:
        """The key that the token names; only configured ones can be named."""
        key = self.keys.find(jwt.get_unverified_header(given).get("kid"))
        if key is None:
            raise Refused("the token is not good: the key that it names is not known")
        return key

    def _names(self, claims: Mapping[str, Any], daemon: str) -> bool:
        if self._issuer.daemons_claim is None:
            return True
        named = claims.get(self._issuer.daemons_claim)
        return daemon == named or (isinstance(named, list) and daemon in named)


def keys_of(issuer: TokenIssuer) -> OneKey | KeySet | PublishedKeys:
    """The keys of the issuer. Raises `ValueError` with the whole fault."""
    if issuer.jwks_url is not None:
        return PublishedKeys(issuer.algorithm, issuer.jwks_url)
    if issuer.jwks is not None:
        return read_key_set(issuer.algorithm, issuer.jwks)
    return OneKey(key_of(issuer.algorithm, issuer.key or ""))


def expiry(claims: Mapping[str, Any]) -> float:
    """The end of validity, in seconds since the epoch, rounded as it was when it was checked."""
    return float(min(int(claims["exp"]), MAX_EXPIRES_AT))

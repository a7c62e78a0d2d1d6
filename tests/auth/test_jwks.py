"""Which keys of a JWK Set count, and which of them a token means."""

import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm, HMACAlgorithm

from bridge.auth.identity import Refused
from bridge.auth.jwks import read_key_set
from bridge.auth.jwt_tokens import JwtTokens
from bridge.config.token_issuer import TokenIssuer
from tests.auth.issuer import AUDIENCE, EC_KEY, RSA_KEY, claims, jwk

OTHER_KEY = ec.generate_private_key(ec.SECP256R1())


def tokens_of(*keys: object) -> JwtTokens:
    """For ES256, by a set of these keys."""
    return JwtTokens(TokenIssuer("ES256", AUDIENCE, jwks=json.dumps({"keys": keys})))


def signed(kid: object, key: Any = EC_KEY) -> str:
    headers = {} if kid is None else {"kid": kid}
    return jwt.encode(claims(), key, "ES256", headers)


SET = (jwk(OTHER_KEY, kid="old"), jwk(EC_KEY, kid="new", use="sig", alg="ES256"))


def test_the_key_that_a_token_names_is_taken() -> None:
    tokens = tokens_of(*SET)
    assert tokens.identify(signed("new"), "chat").user == "ada"
    assert tokens.identify(signed("old", OTHER_KEY), "chat").user == "ada"


@pytest.mark.parametrize("kid", ["old", "NEW", "newer", "", None])
def test_another_key_is_not_tried(kid: str | None) -> None:
    with pytest.raises(Refused):
        tokens_of(*SET).identify(signed(kid), "chat")


def test_a_token_without_a_name_means_the_only_key() -> None:
    assert tokens_of(jwk(EC_KEY, kid="new")).identify(signed(None), "chat").user == "ada"
    assert tokens_of(jwk(EC_KEY)).identify(signed(None), "chat").user == "ada"


NOT_FOR_THIS = {
    "for encryption": jwk(EC_KEY, kid="new", use="enc"),
    "for another algorithm": jwk(EC_KEY, kid="new", alg="ES384"),
    "of another kind": jwk(RSA_KEY, kid="new"),
    "on another curve": jwk(ec.generate_private_key(ec.SECP384R1()), kid="new"),
    "a private one": json.loads(ECAlgorithm.to_jwk(EC_KEY)) | {"kid": "new"},
    "a secret": json.loads(HMACAlgorithm.to_jwk(b"x" * 32)) | {"kid": "new"},
    "broken": jwk(EC_KEY, kid="new", x="?"),
    "not on the curve": jwk(EC_KEY, kid="new", x=jwk(OTHER_KEY)["x"]),
    "of a name that is no text": jwk(EC_KEY, kid=7),
    "no object": "new",
}


@pytest.mark.parametrize("other", NOT_FOR_THIS.values(), ids=NOT_FOR_THIS)
def test_a_key_that_is_not_for_this_does_not_count(other: object) -> None:
    assert tokens_of(jwk(OTHER_KEY), other).identify(signed(None, OTHER_KEY), "chat").user == "ada"
    with pytest.raises(Refused):
        tokens_of(jwk(OTHER_KEY), other).identify(signed("new"), "chat")


@pytest.mark.parametrize("other", NOT_FOR_THIS.values(), ids=NOT_FOR_THIS)
def test_a_set_without_a_usable_key_is_told(other: object) -> None:
    with pytest.raises(ValueError, match="no key in it is for ES256"):
        tokens_of(other)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"keys": 5}', '{"keys": {}}', '{"keys": null}', "[" * 5000]
)
def test_what_is_no_set_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="write "):
        JwtTokens(TokenIssuer("ES256", AUDIENCE, jwks=text))


def test_the_factors_of_a_private_key_are_not_sought(monkeypatch: pytest.MonkeyPatch) -> None:
    def seek(*_numbers: int) -> tuple[int, int]:
        raise AssertionError("this may take seconds")

    monkeypatch.setattr("jwt.algorithms.rsa_recover_prime_factors", seek)
    private = jwk(RSA_KEY, d="AQAB")
    with pytest.raises(ValueError, match="no key in it is for RS256"):
        read_key_set("RS256", json.dumps({"keys": [private]}))


def test_a_set_has_its_bound() -> None:
    many = [jwk(OTHER_KEY, kid=str(number)) for number in range(64)]
    with pytest.raises(Refused):
        tokens_of(*many, jwk(EC_KEY, kid="new")).identify(signed("new"), "chat")

"""What makes a JSON Web Token good, and all that makes it none."""

import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from bridge.auth.identity import Expired, NotNamed, Refused
from bridge.auth.jwt_tokens import JwtTokens
from bridge.config.token_issuer import ALGORITHMS, Algorithm, TokenIssuer
from tests.auth.issuer import (
    AUDIENCE,
    PUBLIC,
    SECRET,
    claims,
    forged,
    issued,
    pem_of,
    with_header,
)

HS256 = {"alg": "HS256", "typ": "JWT"}


def issuer(algorithm: Algorithm = "HS256", **terms: str | None) -> JwtTokens:
    return JwtTokens(TokenIssuer(algorithm, AUDIENCE, PUBLIC[algorithm], **terms))  # type: ignore[arg-type]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_good_token_tells_who_is_there_and_until_when(algorithm: Algorithm) -> None:
    expires_at = int(time.time()) + 100
    identity = issuer(algorithm).identify(issued(algorithm, exp=expires_at), "chat")
    assert (identity.user, identity.expires_at) == ("ada", expires_at)


GOOD = {
    "among several audiences": {"aud": ["other", AUDIENCE]},
    "the daemon alone, not in a list": {"daemons": "chat"},
    "among several daemons": {"daemons": ["game", "chat"]},
    "valid since now": {"nbf": int(time.time()) - 1},
    "issued in the future, which means nothing": {"iat": int(time.time()) + 1000},
    "with claims of its own": {"colour": "red"},
    "good for as long as can be written": {"exp": 10**30},
}


@pytest.mark.parametrize("changes", GOOD.values(), ids=GOOD)
def test_a_token_is_good(changes: dict[str, object]) -> None:
    assert issuer().identify(issued(**changes), "chat").user == "ada"


REFUSED: dict[str, dict[str, object]] = {
    "without end": {"exp": None},
    "with an end that is no number": {"exp": "soon"},
    "with an end without end": {"exp": float("inf")},
    "not valid yet": {"nbf": int(time.time()) + 600},
    "for another audience": {"aud": "other"},
    "for an audience that only begins so": {"aud": AUDIENCE + "s"},
    "for no audience": {"aud": None},
    "for an empty list of audiences": {"aud": []},
    "of nobody": {"sub": None},
    "of an empty name": {"sub": ""},
    "of a name in two lines": {"sub": "ada\nroot"},
    "of an endless name": {"sub": "a" * 129},
}


@pytest.mark.parametrize("changes", REFUSED.values(), ids=REFUSED)
def test_a_token_is_refused(changes: dict[str, object]) -> None:
    payload = json.dumps(claims(**changes)).encode()
    token = forged(json.dumps(HS256).encode(), payload, SECRET.encode())
    with pytest.raises(Refused) as caught:
        issuer().identify(token, "chat")
    assert type(caught.value) is Refused


def test_a_token_that_has_expired_is_told_apart() -> None:
    with pytest.raises(Expired):
        issuer().identify(issued(exp=int(time.time()) - 1), "chat")


OTHER_DAEMONS: dict[str, object] = {
    "none": None,
    "an empty list": [],
    "another": ["game"],
    "one that begins so": "chatter",
    "a part": ["cha"],
    "an object": {"chat": True},
    "everything, which is no word here": "*",
}


@pytest.mark.parametrize("daemons", OTHER_DAEMONS.values(), ids=OTHER_DAEMONS)
def test_a_token_that_does_not_name_the_daemon_is_for_others(daemons: object) -> None:
    with pytest.raises(NotNamed):
        issuer().identify(issued(daemons=daemons), "chat")


def test_no_daemon_need_be_named_where_no_claim_is_for_that() -> None:
    assert issuer(daemons_claim=None).identify(issued(daemons=None), "chat").user == "ada"


def test_the_user_may_stand_in_another_claim() -> None:
    assert issuer(user_claim="nick").identify(issued(nick="bob"), "chat").user == "bob"


def test_only_the_configured_issuer_counts() -> None:
    url = "https://id.example.com"
    assert issuer(issuer=url).identify(issued(iss=url), "chat").user == "ada"
    for other in (None, url + "/", "https://evil.example.net"):
        with pytest.raises(Refused):
            issuer(issuer=url).identify(issued(iss=other), "chat")


UNSIGNED = {
    spelling: with_header({"alg": spelling}).rpartition(".")[0] + "."
    for spelling in ("none", "None", "NONE", "nOnE", "")
}
FORGED = {
    **{f"unsigned as {spelling!r}": token for spelling, token in UNSIGNED.items()},
    "no algorithm": with_header({"typ": "JWT"}),
    "an algorithm that is no text": with_header({"alg": ["HS256"]}),
    "expired, and signed by another secret": jwt.encode(claims(exp=1), SECRET * 2, "HS256"),
    "signed by another secret": with_header(dict(HS256), "another secret that is long enough!!"),
    "another algorithm of the same secret": jwt.encode(claims(), SECRET * 2, "HS512"),
    "a critical extension": with_header({**HS256, "crit": ["exp"]}),
    "a detached payload": with_header({**HS256, "b64": False, "crit": ["b64"]}),
    "a signature cut short": issued()[:-2],
    "two parts": issued().rpartition(".")[0],
    "four parts": issued() + ".e30",
    "a header that is a list": forged(b"[]", b"{}", SECRET.encode()),
    "a header that is nested deep": forged(b"[" * 3000, b"{}", SECRET.encode()),
    "a payload that is nested deep": forged(
        json.dumps(HS256).encode(), b"[" * 3000, SECRET.encode()
    ),
    "a payload that is a list": forged(json.dumps(HS256).encode(), b"[1]", SECRET.encode()),
    "a payload that is no UTF-8": forged(json.dumps(HS256).encode(), b"\xff", SECRET.encode()),
    "longer than a header": issued() + "x" * 9000,
    "nothing": "",
    "dots": "..",
    "no ASCII": "\u00e4.\u00f6.\u00fc",
    "a lone surrogate": "\ud800.a.b",
}


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED)
def test_a_forgery_is_refused(token: str) -> None:
    with pytest.raises(Refused) as caught:
        issuer().identify(token, "chat")
    assert type(caught.value) is Refused


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
@pytest.mark.parametrize("claimed", ALGORITHMS)
def test_a_public_key_is_no_secret(algorithm: Algorithm, claimed: str) -> None:
    token = with_header({"alg": claimed}, PUBLIC[algorithm])
    with pytest.raises(Refused):
        issuer(algorithm).identify(token, "chat")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("other", ALGORITHMS)
def test_a_token_of_another_algorithm_is_refused(algorithm: Algorithm, other: Algorithm) -> None:
    if algorithm == other:
        assert issuer(algorithm).identify(issued(other), "chat").user == "ada"
        return
    with pytest.raises(Refused):
        issuer(algorithm).identify(issued(other), "chat")


def test_a_key_that_the_token_brings_along_is_not_used() -> None:
    header = {
        "kid": "../../dev/null",
        "jku": "https://evil.example.net/keys",
        "jwk": json.loads(jwt.algorithms.HMACAlgorithm.to_jwk(b"x" * 32)),
    }
    with pytest.raises(Refused):
        issuer().identify(jwt.encode(claims(), "x" * 32, "HS256", header), "chat")


def test_a_reason_holds_nothing_of_the_token() -> None:
    token = with_header({"alg": "secret-algorithm"})
    with pytest.raises(Refused) as caught:
        issuer().identify(token, "chat")
    assert "secret-algorithm" not in str(caught.value)
    assert caught.value.__cause__ is None


BAD_KEYS: dict[str, tuple[Algorithm, str]] = {
    "a short secret": ("HS256", "a" * 31),
    "a public key as secret": ("HS256", PUBLIC["RS256"]),
    "a secret as public key": ("RS256", SECRET),
    "a key on a curve for RS256": ("RS256", PUBLIC["ES256"]),
    "an RSA key for ES256": ("ES256", PUBLIC["RS256"]),
    "another curve": ("ES256", pem_of(ec.generate_private_key(ec.SECP384R1()))),
    "a short RSA key": ("RS256", pem_of(rsa.generate_private_key(65537, 1024))),
    "a broken PEM": ("RS256", PUBLIC["RS256"].replace("A", "B")),
    "nothing": ("ES256", ""),
}


@pytest.mark.parametrize(("algorithm", "key"), BAD_KEYS.values(), ids=BAD_KEYS)
def test_a_key_that_is_none_for_the_algorithm_is_told(algorithm: Algorithm, key: str) -> None:
    with pytest.raises(ValueError, match="write ") as caught:
        JwtTokens(TokenIssuer(algorithm, AUDIENCE, key))
    assert not key or key not in str(caught.value)


def test_no_key_stands_in_what_is_printed() -> None:
    assert SECRET not in repr(TokenIssuer("HS256", AUDIENCE, SECRET))

"""Who may open is refused with a line for each fault, too, and never with the secret."""

import pytest

from tests.config.conftest import DAEMONS, Faults

SECRET = "0123456789abcdef0123"
TOKENS_FORM = "write NAME: TOKEN, env:VARIABLE or file:PATH below it"
TOKEN_FORM = (
    "write 16 to 512 of A-Z, a-z, 0-9 and - . _ ~ + /, for example what openssl rand -hex 32 prints"
)

HIDDEN = "a text or number that is not understood (it may be a secret, so it is not shown)"
AUTH_FORM = "write none, or tokens, jwt, user_header or several of them below it (default none)"

AUTH_FAULTS = {
    "{user_header: Authorization}": (
        "user_header: not a header of its own; write for example X-User"
    ),
    "{user_header: 'X User'}": "user_header: not a header of its own; write for example X-User",
    SECRET: f"{HIDDEN}; {AUTH_FORM}",
    "12345678901234567890": f"{HIDDEN}; {AUTH_FORM}",
    "true": f"true is a boolean; {AUTH_FORM}",
    "[tokens]": f"a list was given; {AUTH_FORM}",
    "tokens": f'"tokens" has nothing below it; {AUTH_FORM}',
    "{}": f"empty; {AUTH_FORM}",
    "{basic: {a: x}}": "basic: unknown key; write one of tokens, jwt, user_header",
    f"{{tokens: {SECRET}}}": f"tokens: no mapping; {TOKENS_FORM}",
    f"{{tokens: {{a b: {SECRET}}}}}": (
        "tokens: a key is no name for the log; write 1 to 64 of A-Z, a-z, 0-9 and . _ @ -"
    ),
    "{tokens: {ada: 12345678901234567890}}": (
        "tokens.ada: no text; write it in quotes, or env:NAME or file:PATH"
    ),
    "{tokens: {ada: short}}": f"tokens.ada: not a token; {TOKEN_FORM}",
    f"{{tokens: {{ada: '{SECRET} {SECRET}'}}}}": f"tokens.ada: not a token; {TOKEN_FORM}",
    f"{{tokens: {{ada: {SECRET}, bob: {SECRET}}}}}": (
        "tokens: ada and bob have the same one; give each its own"
    ),
    f"{{jwt: {SECRET}}}": "jwt: no mapping; write algorithm, audience, key or jwks below it",
    f"{{jwt: {{password: {SECRET}}}}}": (
        "jwt.password: unknown key; write one of algorithm, audience, key, jwks, issuer, "
        "user_claim, daemons_claim"
    ),
    f"{{jwt: {{algorithm: HS256, key: {SECRET}}}}}": (
        "jwt.audience: missing; write algorithm, audience, key or jwks below jwt"
    ),
    f"{{jwt: {{algorithm: none, key: {SECRET}, audience: a}}}}": (
        'jwt.algorithm: "none" is not known; write one of HS256, RS256, ES256'
    ),
    "{jwt: {algorithm: RS256, audience: a}}": (
        "jwt: needs exactly one of key and jwks; write one of the two"
    ),
    "{jwt: {algorithm: HS256, audience: a, jwks: 'file:keys'}}": (
        "jwt.jwks: HS256 has a secret, which is not published; write key"
    ),
    "{jwt: {algorithm: RS256, audience: a, jwks: 'http://id.example.com/keys'}}": (
        "jwt.jwks: not known where that is; write file:PATH or https://..."
    ),
    "{jwt: {algorithm: RS256, audience: a, jwks: keys.json}}": (
        "jwt.jwks: not known where that is; write file:PATH or https://..."
    ),
    "{jwt: {algorithm: RS256, audience: a, jwks: 'file:/no/such/keys'}}": (
        "jwt.jwks: /no/such/keys cannot be read: No such file or directory; name another file"
    ),
    "{jwt: {audience: [a]}}": "jwt.audience: no text; write it in quotes",
    "{jwt: {algorithm: HS256, key: env:NO_SUCH_KEY, audience: a}}": (
        'jwt.key: the environment has no variable "NO_SUCH_KEY"; set it'
    ),
    "{tokens: {ada: env:NO_SUCH_VARIABLE}}": (
        'tokens.ada: the environment has no variable "NO_SUCH_VARIABLE"; set it'
    ),
    "{tokens: {ada: 'file:/no/such/file'}}": (
        "tokens.ada: /no/such/file cannot be read: No such file or directory; name another file"
    ),
}


@pytest.mark.parametrize(("written", "fault"), AUTH_FAULTS.items(), ids=AUTH_FAULTS)
def test_a_fault_in_auth_is_told_without_the_secret(
    faults: Faults, written: str, fault: str
) -> None:
    assert faults(f"auth: {written}\n{DAEMONS}") == [f"auth: {fault}"]
    assert SECRET not in fault


def test_a_fault_in_the_auth_of_a_daemon_names_the_daemon(faults: Faults) -> None:
    text = "daemons: {demo: {embedded: chat, auth: {}}}"
    assert faults(text) == [f"daemons.demo.auth: {AUTH_FAULTS['{}']}"]

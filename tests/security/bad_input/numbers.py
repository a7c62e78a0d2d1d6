"""Parameters, ids, keys, tokens and tickets."""

from typing import Final

from tests.security.bad_input.sent import (
    BEARER,
    MESSAGES,
    Sent,
    get,
    opening,
    post,
    receive,
    request,
)

NOT_A_NUMBER: Final = {
    "a negative number": "-1",
    "a sign": "%2B1",
    "a decimal": "1.0",
    "an exponent": "1e3",
    "a hexadecimal number": "0x1",
    "an underscore": "1_0",
    "a space": "%201",
    "digits of another script": "%EF%BC%91",
    "a zero byte": "1%00",
    "nan": "nan",
    "no digit": "",
    "a word": "one",
}
NOT_SECONDS: Final = {
    "a negative time": "-1",
    "an endless time": "inf",
    "nan seconds": "nan",
    "an exponent of seconds": "1e9",
    "a comma in seconds": "1,5",
}


def session(kind: str, id_: str, *headers: str, got: str = "404 unknown-session") -> Sent:
    return Sent(kind, got, get(f"/v1/sessions/{id_}/messages", *(headers or (BEARER,))))


def token(kind: str, *headers: str, query: str = "", got: str = "401 unauthenticated") -> Sent:
    return Sent(kind, got, opening(*headers, of="guarded", query=query))


PARAMETERS: Final = [
    *(
        Sent(f"ack: {kind}", "400 bad-parameter", receive(f"?ack={text}"))
        for kind, text in NOT_A_NUMBER.items()
    ),
    *(
        Sent(f"wait: {kind}", "400 bad-parameter", receive(f"?wait={text}"))
        for kind, text in NOT_SECONDS.items()
    ),
    Sent("ack twice", "400 bad-parameter", receive("?ack=0&ack=0")),
    Sent("ack of what was never sent", "409 gap", receive("?ack=9")),
    Sent("ack of 4,000 digits", "409 gap", receive("?ack=" + "9" * 4000)),
    Sent("first: zero", "400 bad-parameter", post(b"<a/>\0", query="?first=0")),
    Sent("first: a word", "400 bad-parameter", post(b"<a/>\0", query="?first=one")),
    Sent("first twice", "400 bad-parameter", post(b"<a/>\0", query="?first=1&first=2")),
    Sent("first far ahead", "409 gap", post(b"<a/>\0", query="?first=1000000")),
    Sent("Last-Event-ID: a word", "400 bad-parameter",
         get("/v1/sessions/<ID>/events", BEARER, "Last-Event-ID: one")),
    Sent("replies: a negative number", "400 bad-parameter",
         request("POST /v1/daemons/strict/exchange?replies=-1", "Content-Length: 0")),
    Sent("timeout: a word", "400 bad-parameter",
         request("POST /v1/daemons/strict/exchange?timeout=long", "Content-Length: 0")),
]  # fmt: skip

KEYS: Final = [
    session("an id that was never given", "a-never"),
    session("the id of another node", "zz-<ID>"),
    session("an id with ..", "..%2f..%2f<ID>"),
    session("an id of 8,000 characters", "a" * 8000),
    session("an id with a line break", "<ID>%0d%0a"),
    session("an id with an escape sequence", "a-%1b%5b31m"),
    session("no key", "<ID>", "X: y"),
    session("an empty key", "<ID>", "Authorization: Bearer "),
    session("a wrong key", "<ID>", "Authorization: Bearer " + "k" * 22),
    session("the key of another session", "<ID>", "Authorization: Bearer <NEIGHBOURS-KEY>"),
    session("a key with a letter more", "<ID>", "Authorization: Bearer <KEY>x"),
    session("a key of 8,000 characters", "<ID>", "Authorization: Bearer " + "k" * 8000),
    session("a key that is no ASCII", "<ID>", "Authorization: Bearer ключ"),
    session("a key by the way of passwords", "<ID>", "Authorization: Basic <KEY>"),
    session("a wrong key beside the right one", "<ID>", "XMLSocket-Key: wrong", BEARER),
    Sent("a key in the address of a poll", "404 unknown-session", get(f"{MESSAGES}?key=<KEY>")),
    Sent("a key in a cookie", "404 unknown-session", get(MESSAGES, "Cookie: key=<KEY>")),
    Sent("an id as its own key", "404 unknown-session", get(MESSAGES, "XMLSocket-Key: <ID>")),
    Sent("another's key to end a session", "404 unknown-session",
         request("DELETE /v1/sessions/<ID>", "Authorization: Bearer <NEIGHBOURS-KEY>")),
]  # fmt: skip

# A header and claims in base64url: {"alg":"none"}, {"alg":"HS256"}; {"sub":"ada","aud":"bridge"}
NONE, HS256, CLAIMS = (
    "eyJhbGciOiJub25lIn0",
    "eyJhbGciOiJIUzI1NiJ9",
    "eyJzdWIiOiJhZGEiLCJhdWQiOiJicmlkZ2UifQ",
)

TOKENS: Final = [
    token("no token"),
    token("an empty token", "Authorization: Bearer "),
    token("a wrong token", "Authorization: Bearer " + "t" * 32),
    token("a token with a letter more", "Authorization: Bearer 0123456789abcdef0123456789abcdefx"),
    token("a token in capital letters", "Authorization: Bearer 0123456789ABCDEF0123456789ABCDEF"),
    token("a token as a password", "Authorization: Basic MDEyMzQ1Njc4OWFiY2RlZg=="),
    token("a token without its scheme", "Authorization: 0123456789abcdef0123456789abcdef"),
    token("a token in the address", query="?token=0123456789abcdef0123456789abcdef"),
    token("a token of 8,000 characters", "Authorization: Bearer " + "t" * 8000),
    token("a token as SQL", "Authorization: Bearer ' OR '1'='1"),
    token("a JSON Web Token that is not signed", f"Authorization: Bearer {NONE}.{CLAIMS}."),
    token("one whose signature is made up", f"Authorization: Bearer {HS256}.{CLAIMS}.c2lnbmF0dXJl"),
    token("one without a signature", f"Authorization: Bearer {HS256}.{CLAIMS}."),
    token("one of two parts", f"Authorization: Bearer {HS256}.{CLAIMS}"),
    token("one whose parts are no base64", "Authorization: Bearer !!!.???.###"),
    token("one whose header is a list", f"Authorization: Bearer W10.{CLAIMS}.c2ln"),
    token("a user's name from a stranger", "X-User: ada"),
    token("the key of a session as token", BEARER),
    token("a ticket that was never issued", query="?ticket=" + "t" * 22),
    token("an empty ticket", query="?ticket="),
    token("two tickets", query="?ticket=a&ticket=b", got="400 bad-parameter"),
    Sent("a ticket without a token", "401 unauthenticated",
         request("POST /v1/tickets", "Content-Length: 0")),
]  # fmt: skip

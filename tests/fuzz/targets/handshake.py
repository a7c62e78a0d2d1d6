"""The headers of a handshake, a token in a subprotocol, and the numbers of a query: understood by
their grammar, or refused by a problem."""

import base64
import re
from typing import Final

from bridge.errors import Problem
from bridge.http.credentials import from_base64url
from bridge.http.parameters import parse_integer
from bridge.protocol.handshake import (
    check_upgrade,
    is_nonce,
    key_offered,
    switching_protocols,
    tokens,
)
from tests.fuzz.dealt import Dealt

WORDS: Final = (
    *(b"websocket", b"Upgrade", b"keep-alive, ", b"13", b"dGhlIHNhbXBsZSBub25jZQ==", b"key.", b"="),
    *(b"xmlsocket.v1", b"token.", b"_-", b"1_0", b"\xd9\xa3", b"0" * 30, b"9" * 30, b"-1", b"+1"),
)
NAMES: Final = ("Upgrade", "Connection", "Sec-WebSocket-Version", "Sec-WebSocket-Key")
NONCE: Final = re.compile(r"[A-Za-z0-9+/]{22}==")
EXAMPLES: Final = (
    b"\x09websocket\x0dkeep, Upgrade\x0213\x18dGhlIHNhbXBsZSBub25jZQ==key.abc, xmlsocket.v1",
    b"\x09websocket\x07Upgrade\x0213\x04YWI=YWI",
    b"\0\0\0\x000123",
    b"\0\0\0\0e+",
)


def check(data: bytes) -> None:
    dealt = Dealt(data)
    headers = {name: dealt.part().decode("latin-1") for name in NAMES}
    check_headers(headers)
    text = dealt.rest().decode("latin-1")
    check_base64url(text)
    check_number(text)
    key = key_offered(tokens(text))
    assert key is None or f"key.{key}" in text


def check_headers(headers: dict[str, str]) -> None:
    upgrade, connection, version, nonce = headers.values()
    expected = "websocket" in words(upgrade) and "upgrade" in words(connection)
    expected = expected and version.strip() == "13" and bool(NONCE.fullmatch(nonce.strip()))
    try:
        check_upgrade(headers)
    except Problem as problem:
        assert problem.code in ("upgrade-required", "bad-handshake")
        assert not expected
    else:
        assert expected
        assert is_nonce(nonce.strip())
        assert switching_protocols(nonce, None, {}).count(b"\r\n\r\n") == 1


def words(value: str) -> list[str]:
    return [word.strip().lower() for word in value.split(",")]


def check_base64url(text: str) -> None:
    found = from_base64url(text)
    assert found == "" or re.fullmatch(r"[A-Za-z0-9_-]+=*", text)
    written = base64.urlsafe_b64encode(text.encode()).decode()
    assert from_base64url(written) == from_base64url(written.rstrip("=")) == text


def check_number(text: str) -> None:
    try:
        number = parse_integer("ack", text)
    except Problem as problem:
        assert problem.code == "bad-parameter"
        assert not re.fullmatch("[0-9]+", text)
    else:
        assert number == min(int(text), 10**18)

"""The opening handshake: which headers make one, and the answer that completes it."""

import pytest

from bridge.errors import Problem
from bridge.protocol.handshake import (
    accept_token,
    check_upgrade,
    is_nonce,
    key_offered,
    switching_protocols,
    tokens,
)

NONCE = "dGhlIHNhbXBsZSBub25jZQ=="
"""The example of RFC 6455 section 1.3, and below what it is answered with."""
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

SOUND = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": NONCE,
}


@pytest.mark.parametrize(
    ("value", "members"),
    [
        ("", []),
        ("a", ["a"]),
        ("a,b", ["a", "b"]),
        (" a\t,  b c ,, ,d ", ["a", "b c", "d"]),
    ],
)
def test_a_list_in_a_header_is_cut_at_its_commas(value: str, members: list[str]) -> None:
    assert tokens(value) == members


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"Upgrade": "WebSocket"},
        {"Upgrade": "h2c, websocket"},
        {"Connection": "keep-alive, upgrade"},
        {"Sec-WebSocket-Version": " 13 "},
        {"Sec-WebSocket-Key": f" {NONCE}\t"},
    ],
)
def test_the_headers_of_a_handshake_pass(changed: dict[str, str]) -> None:
    check_upgrade(SOUND | changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"Upgrade": ""},
        {"Upgrade": "h2c"},
        {"Upgrade": "websocket2"},
        {"Connection": ""},
        {"Connection": "close"},
        {"Connection": "upgraded"},
    ],
)
def test_a_request_without_upgrade_is_told_how_to_upgrade(changed: dict[str, str]) -> None:
    with pytest.raises(
        Problem, match=r"^upgrade-required: this address speaks WebSocket$"
    ) as caught:
        check_upgrade(SOUND | changed)
    assert caught.value.code == "upgrade-required"
    assert caught.value.headers == {"Upgrade": "websocket", "Connection": "Upgrade"}


@pytest.mark.parametrize("version", ["", "8", "113", "13, 8"])
def test_another_version_is_told_the_one_that_is_spoken(version: str) -> None:
    with pytest.raises(
        Problem, match=r"^upgrade-required: only WebSocket version 13 is spoken$"
    ) as caught:
        check_upgrade(SOUND | {"Sec-WebSocket-Version": version})
    assert caught.value.code == "upgrade-required"
    assert caught.value.headers == {"Sec-WebSocket-Version": "13"}


@pytest.mark.parametrize("name", ["Upgrade", "Connection", "Sec-WebSocket-Version"])
def test_a_missing_header_is_missing_an_upgrade(name: str) -> None:
    with pytest.raises(Problem) as caught:
        check_upgrade({key: value for key, value in SOUND.items() if key != name})
    assert caught.value.code == "upgrade-required"


@pytest.mark.parametrize("changed", [{}, {"Sec-WebSocket-Key": "short"}])
def test_a_handshake_without_a_sound_key_is_bad(changed: dict[str, str]) -> None:
    headers = {key: value for key, value in SOUND.items() if key != "Sec-WebSocket-Key"}
    reason = "bad-handshake: Sec-WebSocket-Key is not 16 bytes in base64"
    with pytest.raises(Problem, match=f"^{reason}$") as caught:
        check_upgrade(headers | changed)
    assert caught.value.code == "bad-handshake"


@pytest.mark.parametrize(
    ("key", "sound"),
    [
        (NONCE, True),
        ("AAAAAAAAAAAAAAAAAAAAAA==", True),
        ("AAAAAAAAAAAAAAAAAAAA", False),
        ("AAAAAAAAAAAAAAAAAAAAAAA=", False),
        ("AAAAAAAAAAAAAAAAAAAAAA", False),
        ("AAAAAAAAAAAA-AAAAAAAA_==", False),
        ("AAAAAAAAAA AAAAAAAAAAAA==", False),
        ("", False),
        ("é", False),
        ("\udcff", False),
    ],
)
def test_a_nonce_is_sixteen_bytes_in_base64(key: str, sound: bool) -> None:
    assert is_nonce(key) is sound


def test_the_key_is_answered_as_in_the_example_of_the_rfc() -> None:
    assert accept_token(NONCE) == ACCEPT


@pytest.mark.parametrize(
    ("subprotocol", "line"),
    [(None, ""), ("xmlsocket.v1", "Sec-WebSocket-Protocol: xmlsocket.v1\r\n")],
)
def test_the_answer_names_the_subprotocol_where_there_is_one(
    subprotocol: str | None, line: str
) -> None:
    fields = {"Cache-Control": "no-store", "Vary": "Origin"}
    assert switching_protocols(f" {NONCE} ", subprotocol, fields).decode() == (
        "HTTP/1.1 101 Switching Protocols\r\n"
        "Upgrade: websocket\r\n"
        "Connection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {ACCEPT}\r\n"
        f"Cache-Control: no-store\r\nVary: Origin\r\n{line}\r\n"
    )


@pytest.mark.parametrize(
    ("subprotocols", "key"),
    [
        ([], None),
        (["xmlsocket.v1"], None),
        (["xmlsocket.v1", "key.a-B_9"], "a-B_9"),
        (["key.a", "key.b"], "a"),
        (["key.key.a"], "key.a"),
        (["key."], ""),
        (["keys.a", "KEY.b", "monkey.c"], None),
    ],
)
def test_the_session_key_is_found_among_the_subprotocols(
    subprotocols: list[str], key: str | None
) -> None:
    assert key_offered(subprotocols) == key

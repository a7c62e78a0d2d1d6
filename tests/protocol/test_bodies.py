"""Bodies of requests and answers: which form they have, and what stands in them."""

import pytest

from bridge.protocol.bodies import (
    encode_json,
    is_json,
    prefers_json,
    unterminated,
)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        " application/json ; charset=utf-8",
        "application/json;",
    ],
)
def test_a_content_type_of_json_is_json(content_type: str) -> None:
    assert is_json(content_type)


@pytest.mark.parametrize(
    "content_type",
    ["", "application/vnd.xmlsocket", "text/json", "application/jsonx", "application/problem+json"],
)
def test_any_other_content_type_is_the_default(content_type: str) -> None:
    assert not is_json(content_type)


@pytest.mark.parametrize(
    "accept",
    [
        "application/json",
        "APPLICATION/JSON",
        " application/json ; q=0.5",
        "text/html, application/json;charset=utf-8;q=0.1, */*",
        "application/json, application/vnd.xmlsocket",
        "application/vnd.xmlsocket, application/json;q=1",
        "application/json;q=0.5, application/vnd.xmlsocket;q=0.5",
        "application/vnd.xmlsocket;q=0.5, application/json;q=0.501",
        "application/json;Q=1.000",
        "application/json;q=0.001",
        "application/vnd.xmlsocket;q=0, application/json;q=0.1",
        "application/json; q = 0.9 ;x=1, application/vnd.xmlsocket; q=0.8",
        "application/json;xq=0",
        "application/json;q=none",
    ],
)
def test_json_is_answered_to_whoever_accepts_it_as_gladly_as_the_default(accept: str) -> None:
    assert prefers_json(accept)


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "application/*",
        "text/html",
        "application/vnd.xmlsocket",
        "application/json;q=0",
        "application/json;q=0.000",
        "application/json;Q=0",
        "application/json;q=0.9, application/vnd.xmlsocket",
        "application/vnd.xmlsocket;q=0.51, application/json;q=0.5",
        "application/jsonx",
        "application/json q=1",
    ],
)
def test_the_default_is_answered_to_everybody_else(accept: str) -> None:
    assert not prefers_json(accept)


def test_a_body_without_its_last_zero_byte_is_told_what_is_missing() -> None:
    problem = unterminated()
    assert problem.code == "unterminated"
    assert problem.detail == "the body must end in a zero byte, as each message does"


# -- JSON


def test_a_json_answer_says_the_first_number_the_messages_and_the_highest_accepted() -> None:
    answer = encode_json(18, "<a/>\0\0é\0".encode(), 5)
    assert answer == '{"first": 18, "messages": ["<a/>", "", "é"], "ack": 5}\n'.encode()

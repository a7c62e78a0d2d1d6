"""Bodies of requests and answers: which form they have, and what stands in them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import Problem
from bridge.protocol.bodies import (
    LONE_SURROGATE,
    ZERO_IN_MESSAGE,
    UpBody,
    decode_json,
    encode_json,
    is_json,
    prefers_json,
    unterminated,
    up_to_fault,
)
from bridge.protocol.checks import Fault
from bridge.protocol.framing import join


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


@pytest.mark.parametrize(
    ("body", "batch"),
    [
        (b'{"messages":[]}', b""),
        (b'{"messages":[""]}', b"\0"),
        (b'{"messages":["<a/>","b"],"first":3}', b"<a/>\0b\0"),
        ('{"messages":["é","\\u00e9","\\ud83d\\ude00"]}'.encode(), "é\0é\0😀\0".encode()),
    ],
)
def test_a_json_body_holds_a_list_of_texts(body: bytes, batch: bytes) -> None:
    assert decode_json(body) == UpBody(batch)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b'["a"]',
        b"null",
        b'{"messages":null}',
        b'{"messages":"a"}',
        b'{"messages":{"a":1}}',
        b'{"messages":["a",1]}',
        b'{"messages":["a",null]}',
        b'{"messages":["a"]',
        b'{"messages":["\xff"]}',
        b'\xef\xbb\xbf{"messages":[]}',
        b'{"messages":' + b"[" * 100_000,
        b'{"messages":[],"a":' + b"9" * 5000 + b"}",
    ],
)
def test_another_shape_is_bad_json(body: bytes) -> None:
    with pytest.raises(Problem) as caught:
        decode_json(body)
    assert caught.value.code == "bad-json"
    assert caught.value.detail == 'the body must be {"messages": ["<a/>", ...]} in UTF-8'


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("\\u0000", ZERO_IN_MESSAGE),
        ("a\\u0000b", ZERO_IN_MESSAGE),
        ("\\ud83d", LONE_SURROGATE),
        ("\\ude00\\ud83d", LONE_SURROGATE),
    ],
)
def test_a_text_that_is_no_message_ends_the_batch_with_its_fault(text: str, fault: Fault) -> None:
    body = f'{{"messages":["a","b","{text}","c"]}}'.encode()
    assert decode_json(body) == UpBody(b"a\0b\0", fault)


@given(st.lists(st.text("ab\0\ud83d\ude00", max_size=3)))
def test_a_body_is_read_at_once_as_it_is_text_by_text(texts: list[str]) -> None:
    assert decode_json(json.dumps({"messages": texts}).encode()) == up_to_fault(
        [json.loads(json.dumps(text)) for text in texts]
    )


def test_a_text_that_is_no_message_is_badly_encoded() -> None:
    assert {ZERO_IN_MESSAGE.code, LONE_SURROGATE.code} == {"bad-encoding"}


def test_a_json_answer_says_the_first_number_the_messages_and_the_highest_accepted() -> None:
    answer = encode_json(18, "<a/>\0\0é\0".encode(), 5)
    assert answer == '{"first": 18, "messages": ["<a/>", "", "é"], "ack": 5}\n'.encode()


texts = st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))


@given(texts)
def test_what_goes_out_as_json_comes_in_as_the_same_batch(texts: list[str]) -> None:
    batch = join([text.encode() for text in texts])
    assert decode_json(encode_json(1, batch, 0)) == UpBody(batch)
    assert json.loads(encode_json(1, batch, 0))["messages"] == texts

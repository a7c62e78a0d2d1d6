"""A JSON body is read in steps, and says what it says to the standard library."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import Problem
from bridge.protocol.bodies import UpBody, encode_json
from bridge.protocol.checks import Fault
from bridge.protocol.framing import join
from bridge.protocol.json_body import (
    LONE_SURROGATE,
    OTHER_CHARACTERS,
    STEP_CHARACTERS,
    ZERO_IN_MESSAGE,
    json_body,
    up_to_fault,
)


def read(body: bytes) -> UpBody | None:
    """What the last step gives."""
    *before, found = json_body(body)
    assert before == [None] * len(before)
    return found


@pytest.mark.parametrize(
    ("body", "batch"),
    [
        (b'{"messages":[]}', b""),
        (b'{"messages":[""]}', b"\0"),
        (b'{"messages":["<a/>","b"],"first":3}', b"<a/>\0b\0"),
        ('{"messages":["é","\\u00e9","\\ud83d\\ude00"]}'.encode(), "é\0é\0😀\0".encode()),
        (b' { "messages" :\t[ ""\r, "b"\n] , "ack" : {"a":[null,-1.5e3]} } ', b"\0b\0"),
        (b'{"":"","me\\u0073sages":["\\"]\\\\", "[,]"]}', b'"]\\\0[,]\0'),
    ],
)
def test_a_json_body_holds_a_list_of_texts(body: bytes, batch: bytes) -> None:
    assert read(body) == UpBody(batch)


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
        b'{"messages":["a",]}',
        b'{"messages":[,"a"]}',
        b'{"messages":[,]}',
        b'{"messages":["a" "b"]}',
        b'{"messages":["a"}',
        b'{"messages":["a"]]',
        b'{"messages":["a"]}}',
        b'{"messages":["a"],}',
        b'{"messages":["a"] "b":1}',
        b'{"messages" ["a"]}',
        b'{messages:["a"]}',
        b'{1:2,"messages":["a"]}',
        b'{"messages":["a"],"messages":["b"]}',
        b'{"messages":["\\x"]}',
        b'{"messages":["a\nb"]}',
        b'{"messages":["a',
        b'{"messages":["a\\"]}',
        b'{"messages":["a"],"b":NaN}',
        b'X"messages":["a"]}',
        b'{"messages"X["a"]}',
        b'{"messages":X"a"]}',
        b'{"messages":["a"X}',
        b'{"messages":["a"X"b"]}',
        b'{"messages":["a"]X',
        b'{"messages":["a"]X"b":1}',
        b'{"messages":["a"],"b":[-Infinity]}',
        b'{"messages":["\xff"]}',
        b'\xef\xbb\xbf{"messages":[]}',
        b'{"messages":' + b"[" * 100_000,
        b'{"messages":[],"a":' + b"9" * 5000 + b"}",
    ],
)
def test_another_shape_is_bad_json(body: bytes) -> None:
    with pytest.raises(Problem) as caught:
        read(body)
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
    assert read(body) == UpBody(b"a\0b\0", fault)


@pytest.mark.parametrize("text", ["\\u0000", "\\ud83d"])
def test_what_is_no_json_behind_a_fault_is_bad_json_nevertheless(text: str) -> None:
    with pytest.raises(Problem, match="bad-json"):
        read(f'{{"messages":["{text}",1]}}'.encode())


@pytest.mark.parametrize("short", [STEP_CHARACTERS - 9 + more for more in range(12)])
@pytest.mark.parametrize("behind", [[], ["b"], ["b", "c"]])
def test_texts_may_end_anywhere_in_a_step(short: int, behind: list[str]) -> None:
    texts = ["a" * short, *behind]
    assert read(json.dumps({"messages": texts}).encode()) == up_to_fault(texts)
    assert read(json.dumps({"messages": ["x", *texts]}).encode()) == up_to_fault(["x", *texts])


def test_a_step_is_short() -> None:
    texts = [""] * STEP_CHARACTERS
    body = json.dumps({"messages": texts}).encode()
    assert 1 < len([*json_body(body)]) / (len(body) / STEP_CHARACTERS) < 2


def test_a_fault_in_a_later_step_ends_the_batch_there() -> None:
    texts = ["a"] * STEP_CHARACTERS
    body = json.dumps({"messages": [*texts, "\0", *texts, "\ud83d", "b"]}).encode()
    assert read(body) == UpBody(b"a\0" * STEP_CHARACTERS, ZERO_IN_MESSAGE)


@pytest.mark.parametrize("more", [0, 1])
def test_what_is_no_message_is_read_as_long_as_it_is_not_too_long(more: int) -> None:
    names = len('"messages""a"') + 2 * len('"b"1')
    text = "x" * (OTHER_CHARACTERS - names - len('""') + more)
    body = f'{{"b":1,"a":"{text}","b":1,"messages":["a"]}}'.encode()
    if more:
        with pytest.raises(Problem, match="bad-json"):
            read(body)
    else:
        assert read(body) == UpBody(b"a\0")


@given(st.lists(st.text("ab\0\ud83d\ude00", max_size=3)))
def test_a_body_is_read_at_once_as_it_is_text_by_text(texts: list[str]) -> None:
    assert read(json.dumps({"messages": texts}).encode()) == up_to_fault(
        [json.loads(json.dumps(text)) for text in texts]
    )


def test_a_text_that_is_no_message_is_badly_encoded() -> None:
    assert {ZERO_IN_MESSAGE.code, LONE_SURROGATE.code} == {"bad-encoding"}


texts = st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))


@given(texts)
def test_what_goes_out_as_json_comes_in_as_the_same_batch(texts: list[str]) -> None:
    batch = join([text.encode() for text in texts])
    assert read(encode_json(1, batch, 0)) == UpBody(batch)
    assert json.loads(encode_json(1, batch, 0))["messages"] == texts

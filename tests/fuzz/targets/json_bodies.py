"""A JSON body gives the messages that stand in it, up to the first that is none, or `bad-json`; an
answer in JSON says the messages that went into it."""

import json
from typing import Final

from bridge.errors import Problem
from bridge.protocol.bodies import UpBody, encode_json, prefers_json
from bridge.protocol.framing import split
from bridge.protocol.json_body import json_body

WORDS: Final = (
    *(b'{"messages":', b'["', b'","', b'"]', b"}", b"[]", b"null", b"\\u0000", b"\\ud800"),
    *(b'{"messages":["<a/>"]}', b"[" * 500, b'{"a":' * 500, b"\\udc00", b"1e999", b"NaN"),
    *(b"application/json", b"application/vnd.xmlsocket", b";q=0.5", b"*/*"),
)
EXAMPLES: Final = (
    b'{"messages":["<a/>","\\u00e9",""]}',
    b'{"messages":["a","b\\u0000c","d"]}',
    b'{"messages":["a","\\ud800"]}',
)


class Members(list[tuple[str, object]]):
    """An object, with the members that it has twice."""


def check(data: bytes) -> None:
    prefers_json(data.decode("latin-1"))
    try:
        body = read(data)
    except Problem as problem:
        assert problem.code == "bad-json"
        assert expected(data) is None
    else:
        assert (split(body.batch), body.fault is not None) == expected(data)
    check_answer(data)


def read(data: bytes) -> UpBody:
    """What the last step gives."""
    found = [*json_body(data)][-1]
    assert found is not None
    return found


def expected(data: bytes) -> tuple[list[bytes], bool] | None:
    """The messages, and whether one follows that cannot be written down; `None` for another
    shape."""
    try:
        document = json.loads(data.decode(), object_pairs_hook=Members, parse_constant=int)
        [messages] = [value for name, value in document if name == "messages"]
    except (ValueError, TypeError, RecursionError):
        return None
    if not isinstance(document, Members) or type(messages) is not list:
        return None
    if not all(isinstance(message, str) for message in messages):
        return None
    sound: list[bytes] = []
    for message in messages:
        if any(char == "\0" or "\ud800" <= char <= "\udfff" for char in message):
            return sound, True
        sound.append(message.encode())
    return sound, False


def check_answer(data: bytes) -> None:
    batch = (data.decode(errors="replace") + "\0").encode()
    answer = json.loads(encode_json(7, batch, 5))
    assert answer == {"first": 7, "ack": 5, "messages": batch.decode().split("\0")[:-1]}
    assert read(encode_json(7, batch, 5)) == UpBody(batch)

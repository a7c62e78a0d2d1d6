"""Reading a request's `{"messages": [...]}` in steps, so that a long one holds up nobody.

The standard library reads all at once: of eight megabytes of brackets it makes objects for a
second. What is bounded here it reads still: runs of texts, and what stands beside the messages.
"""

import json
import re
from collections.abc import Generator, Iterator
from typing import Final

from bridge.errors import Problem
from bridge.protocol.bodies import UpBody
from bridge.protocol.checks import Fault
from bridge.protocol.framing import count, join
from bridge.protocol.strict_json import DECODER

STEP_CHARACTERS: Final = 1 << 14
"""Read at a time, but for one text that is longer: a third of a millisecond for the shortest."""
OTHER_CHARACTERS: Final = 1 << 16
"""For all members that nobody asks for; they are read, since the whole must be JSON."""

SPACE: Final = re.compile(r"[ \t\n\r]*+")
TEXT: Final = r'[ \t\n\r]*+"(?:[^"\\]++|\\.)*+"'
TEXTS: Final = re.compile(rf"(?:{TEXT}(?:[ \t\n\r]*+,{TEXT})*+)?+", re.DOTALL)
"""Whole texts with commas between, none at the end."""

ZERO_IN_MESSAGE: Final = Fault("bad-encoding", "a message cannot hold U+0000, which ends it")
LONE_SURROGATE: Final = Fault("bad-encoding", "the message holds a lone surrogate")


def json_body(body: bytes) -> Iterator[UpBody | None]:
    """What each step gives: the messages at last, before that `None`. Other members are ignored.
    Raises `Problem` `bad-json`, in any step."""
    try:
        yield from _document(JsonText(body.decode()))
    except (ValueError, RecursionError):
        raise bad_json() from None


def bad_json() -> Problem:
    """The body is JSON of another shape, or no JSON."""
    return Problem("bad-json", 'the body must be {"messages": ["<a/>", ...]} in UTF-8')


def _document(text: "JsonText") -> Iterator[UpBody | None]:
    found: UpBody | None = None
    text.take("{")
    follows = ","
    while follows == ",":
        if text.name() != "messages":
            text.value()
            yield None
        elif found is None:
            found = yield from _messages(text)
        else:
            raise ValueError
        follows = text.take(",}")
    text.end()
    if found is None:
        raise ValueError
    yield found


def _messages(text: "JsonText") -> Generator[None, None, UpBody]:
    batches: list[bytes] = []
    fault: Fault | None = None
    for texts in text.texts():
        if fault is None:
            part = up_body(texts)
            batches.append(part.batch)
            fault = part.fault
        yield None
    return UpBody(b"".join(batches), fault)


def up_body(texts: list[str]) -> UpBody:
    """The messages that the texts are."""
    try:
        batch = "\0".join((*texts, "")).encode()
    except UnicodeEncodeError:
        return up_to_fault(texts)
    return UpBody(batch) if count(batch) == len(texts) else up_to_fault(texts)


def up_to_fault(texts: list[str]) -> UpBody:
    """The messages before the first text that cannot be written down."""
    encoded: list[bytes] = []
    for text in texts:
        if "\0" in text:
            return UpBody(join(encoded), ZERO_IN_MESSAGE)
        try:
            encoded.append(text.encode())
        except UnicodeEncodeError:
            return UpBody(join(encoded), LONE_SURROGATE)
    return UpBody(join(encoded))


class JsonText:
    """JSON, taken from its beginning on. Whatever is not what was wanted raises `ValueError`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self._others_left = OTHER_CHARACTERS

    def take(self, wanted: str) -> str:
        """The next character behind spaces, which is one of these."""
        found = self._next()
        if not found or found not in wanted:
            raise ValueError
        self._position += 1
        return found

    def name(self) -> str:
        """That of a member, with its colon."""
        name = self.value()
        if not isinstance(name, str):
            raise ValueError
        self.take(":")
        return name

    def value(self) -> object:
        """Any, if it is not too long."""
        self._next()
        start = self._position
        value, size = DECODER.raw_decode(self._text[start : start + self._others_left])
        self._position += size
        self._others_left -= size
        return value

    def texts(self) -> Iterator[list[str]]:
        """A list of nothing but texts, some at a time."""
        self.take("[")
        if self._next() == "]":
            self._position += 1
            return
        yield self._some_texts()
        while self.take(",]") == ",":
            yield self._some_texts()

    def end(self) -> None:
        """Nothing follows."""
        if self._next():
            raise ValueError

    def _some_texts(self) -> list[str]:
        start = self._position
        texts = TEXTS.match(self._text, start, start + STEP_CHARACTERS)
        if texts is None or texts.end() == start:
            return [self._long_text()]
        self._position = texts.end()
        found: list[str] = json.loads(f"[{texts[0]}]")
        return found

    def _long_text(self) -> str:
        if self._next() != '"':
            raise ValueError
        text: str
        text, self._position = DECODER.raw_decode(self._text, self._position)
        return text

    def _next(self) -> str:
        """The next character behind spaces, empty at the end."""
        space = SPACE.match(self._text, self._position)
        if space is not None:
            self._position = space.end()
        return self._text[self._position : self._position + 1]

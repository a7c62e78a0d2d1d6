"""What the check lets pass is one XML document to another strict parser too, without a document
type and within the limits."""

from dataclasses import replace
from itertools import cycle
from string import ascii_uppercase
from typing import Final
from xml.parsers import expat

from bridge.protocol.xml_check import XmlCheck
from bridge.protocol.xml_limits import XmlLimits
from tests.fuzz.dealt import Dealt

WORDS: Final = (
    *(b"<!DOCTYPE a>", b"<!DOCTYPE a [", b"]>", b'<!ENTITY a "b">', b"<![CDATA[", b"]]>", b"<!--"),
    *(b"-->", b"<?xml version='1.0'?>", b"<?a b?>", b"<a>", b"</a>", b"<a/>", b' a="b"', b"&#0;"),
    *(b"&lt;", b"&a;", b"encoding='utf-16'", b"encoding='iso-8859-1'", b"xmlns:a='b'", b"xmlns=''"),
    *(b"a:b", b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"\xc3\xa4", b"standalone='yes'"),
    *(b"<a><a><a><a><a>", b"</a></a></a></a></a>", b" a='' b='' c='' d=''", b"x" * 20, b"\x85"),
)
LETTERS: Final = ascii_uppercase.translate({ord(letter): None for letter in "XML"})
"""Without those of a name that is reserved."""
DUPLICATE: Final = expat.errors.codes[expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE]
SMALL: Final = XmlLimits(
    max_depth=4, max_nodes=12, max_attributes=3, max_name_length=8, max_text_length=16
)
CHECKS: Final = (XmlCheck(SMALL), XmlCheck(replace(SMALL, max_nodes=5, max_text_length=1 << 20)))
EXAMPLES: Final = (
    b'\0<a b="c">d<!--e--><?f g?><![CDATA[h]]></a>',
    b"\0<?xml version='1.0' encoding='utf-8'?><a:b xmlns:a='c'/>",
    b"\0<!DOCTYPE a><a/>",
)


def check(data: bytes) -> None:
    dealt = Dealt(data)
    number = dealt.number(len(CHECKS) - 1)
    message = dealt.rest().replace(b"\0", b"")
    try:
        message.decode()
    except UnicodeDecodeError:
        return  # refused before, by the guard
    if CHECKS[number](message) is None:
        text = message.decode("utf-8-sig")
        assert not {"\ufffe", "\uffff"} & set(text)
        measure = measured(in_ascii(text).encode(), text.isascii())
        if measure is not None:
            assert not measure.has_doctype
            assert_within(measure, message, number)


def measured(message: bytes, is_plain: bool) -> "Measure | None":
    """`None` where two names have become the same letters."""
    try:
        return Measure(message)
    except expat.ExpatError as error:
        if is_plain or error.code != DUPLICATE:
            raise
        return None


def in_ascii(text: str) -> str:
    """As long as it was, each other character as a letter of its own, as far as there are enough:
    expat goes by the names of XML's fourth edition, libxml2 by the fifth, which has more."""
    others = sorted({ord(character) for character in text if not character.isascii()})
    return text.translate(dict(zip(others, cycle(LETTERS), strict=False)))


def assert_within(measure: "Measure", message: bytes, number: int) -> None:
    """Where nodes are few by the number of `=`, attributes do not count."""
    limits = SMALL if number == 0 else replace(SMALL, max_nodes=5, max_text_length=1 << 20)
    assert measure.depth <= limits.max_depth
    assert measure.nodes <= limits.max_nodes
    assert measure.attributes <= limits.max_attributes
    assert measure.name_length <= limits.max_name_length
    assert measure.text_length <= limits.max_text_length
    if message.count(b"=") > limits.max_nodes:
        assert measure.nodes + measure.all_attributes <= limits.max_nodes


class Measure:
    """How much of anything a document has, by expat, which knows no namespaces."""

    def __init__(self, message: bytes) -> None:
        """Raises `expat.ExpatError` for what is not well-formed."""
        self.has_doctype = False
        self.depth = self.nodes = self.attributes = self.all_attributes = 0
        self.name_length = self.text_length = self._open = self._text = 0
        parser = expat.ParserCreate("utf-8")
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.CommentHandler = self._comment
        parser.ProcessingInstructionHandler = self._instruction
        parser.Parse(message, True)

    def _doctype(self, *declared: object) -> None:
        self.has_doctype = True

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.nodes += 1
        self._open += 1
        self._text = 0
        self.depth = max(self.depth, self._open)
        self.attributes = max(self.attributes, len(attributes))
        self.all_attributes += len(attributes)
        for each in (name, *attributes):
            self._name(each)
        for value in attributes.values():
            self._is_as_long_as(value)

    def _end(self, name: str) -> None:
        self._open -= 1
        self._text = 0

    def _characters(self, text: str) -> None:
        self._text += len(text)
        self.text_length = max(self.text_length, self._text)

    def _comment(self, text: str) -> None:
        self.nodes += 1
        self._is_as_long_as(text)

    def _instruction(self, target: str, text: str) -> None:
        self.nodes += 1
        self._name(target)
        self._is_as_long_as(text)

    def _name(self, name: str) -> None:
        self.name_length = max(self.name_length, len(name))

    def _is_as_long_as(self, text: str) -> None:
        self.text_length = max(self.text_length, len(text))

"""Is a message one well-formed XML document that is safe to hand to an old daemon?

The parser is libxml2 through lxml with everything that reaches beyond the message switched off. A
document type declaration is refused before the parser sees it, so no entity is ever declared, and
what it may have of anything is capped (XML 1.0, section 2.1 and 2.8).
"""

import re
from typing import Final, Protocol
from xml.parsers import expat

from lxml import etree

from bridge.protocol.checks import Fault
from bridge.protocol.xml_limits import XmlLimits
from bridge.protocol.xml_names import NameDictionary

DECLARATION: Final = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml\s")
MAX_DECLARATION_BYTES: Final = 256
"""No XML declaration needs more; the bound keeps the search for its encoding short."""
ENCODING: Final = re.compile(rb"\bencoding\s*=\s*[\"']([^\"']*)[\"']")

PROLOG: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*+(?P<doctype><!DOCTYPE)?", re.DOTALL
)
"""What may stand before the root element (XML 1.0, production 22); possessive, so it runs in linear
time whatever the message is."""

UTF8_NAMES: Final = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii"})
ASCII_SUPERSETS: Final = re.compile(rb"(iso-8859-\d{1,2}|windows-125\d)")


class Validator(Protocol):
    """What more is asked of a document: see `Schema`."""

    def fault(self, root: etree._Element) -> Fault | None:
        """`None`, or why it may not pass."""


def refused(detail: str) -> Fault:
    """The fault of a message that is not an acceptable XML document."""
    return Fault("not-well-formed", detail)


class XmlCheck:
    """A `Check` for messages that must be one well-formed XML document each."""

    def __init__(self, limits: XmlLimits, schema: Validator | None = None) -> None:
        """`schema` sees what has passed everything else."""
        self._limits = limits
        self._schema = schema
        self._dictionary = NameDictionary()
        levels = "/*" * (limits.max_depth + 1)
        self._is_too_deep = etree.XPath(f"boolean({levels})")

    def __call__(self, message: bytes) -> Fault | None:
        """`None`, or the fault with libxml2's own words for it."""
        fault = self._prolog_fault(message)
        if fault is not None:
            return fault
        breach = self._limits.breach(message)
        return self._parse(message) if breach is None else refused(breach)

    def _prolog_fault(self, message: bytes) -> Fault | None:
        prolog = PROLOG.match(message)
        if prolog is not None and prolog["doctype"]:
            return refused("a document type declaration is not allowed")
        if DECLARATION.match(message):
            return self._declaration_fault(message)
        return None

    def _declaration_fault(self, message: bytes) -> Fault | None:
        declaration, end, _ = message[:MAX_DECLARATION_BYTES].partition(b"?>")
        if not end:
            return refused(f"the XML declaration is longer than {MAX_DECLARATION_BYTES} bytes")
        declared = ENCODING.search(declaration)
        encoding = declared[1].lower() if declared else b"utf-8"
        if encoding in UTF8_NAMES or (message.isascii() and ASCII_SUPERSETS.fullmatch(encoding)):
            return None
        name = encoding.decode("ascii", "replace")
        return refused(f"the document declares the encoding {name!r}, but messages are UTF-8")

    def _parse(self, message: bytes) -> Fault | None:
        self._dictionary.grow(len(message))
        parser = new_parser()
        try:
            root = etree.fromstring(message, parser)
        except etree.XMLSyntaxError:
            fault = fatal_fault(parser) or second_opinion(message)
            if fault is not None:
                return fault
            root = etree.fromstring(message, new_parser(recover=True))
        if self._is_too_deep(root):
            return refused(f"the elements are nested more than {self._limits.max_depth} deep")
        return None if self._schema is None else self._schema.fault(root)


def fatal_fault(parser: etree.XMLParser) -> Fault | None:
    """The breach of well-formedness that made libxml2 fail, `None` if it was only of namespaces."""
    fatal = parser.error_log.filter_from_fatals()
    return not_one_document(fatal[0].message) if fatal else None


def second_opinion(message: bytes) -> Fault | None:
    """What expat says, which knows no namespaces.

    Flash's XML knew none either: an undeclared prefix is well-formed XML 1.0, and passes. But once
    libxml2 has met one, it no longer tells what else is wrong, such as a second root element.
    """
    try:
        expat.ParserCreate("utf-8").Parse(message, True)
    except expat.ExpatError as error:
        return not_one_document(expat.ErrorString(error.code))
    return None


def not_one_document(detail: str) -> Fault:
    """The fault of a message that breaks the rules of XML itself."""
    return refused(f"the message is not one well-formed XML document: {detail}")


def new_parser(recover: bool = False) -> etree.XMLParser:
    """A parser for one message; it keeps the names and errors it meets, so none is used twice."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=recover
    )

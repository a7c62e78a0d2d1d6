"""Whether a message is one that a schema describes: Relax NG or XML Schema, by libxml2.

A schema is one file that names no other, so nothing is ever looked up while it is compiled, and
nothing while a message is looked at: libxml2 follows the hint `xsi:schemaLocation` only where it
has no schema, and a test sees that this stays so.
"""

from collections import defaultdict
from enum import StrEnum
from typing import Any, Final

from lxml import etree

from bridge.protocol.checks import Fault
from bridge.protocol.xml_check import new_parser, refused

NAMESPACES: Final = {
    "rng": "http://relaxng.org/ns/structure/1.0",
    "xs": "http://www.w3.org/2001/XMLSchema",
}
NAMES: Final = "//xs:element/@name | //rng:element/@name | //rng:element/rng:name"
"""Where a schema says what an element is called."""
FILES: Final = (
    "//xs:include | //xs:import | //xs:redefine | //xs:override | //rng:include | //rng:externalRef"
)
"""What would make libxml2 read another file."""

MAX_WORDS: Final = 300
"""Characters of what libxml2 says; it repeats values of the message, which may be long."""
MAX_LINES: Final = 3
"""Line numbers told of one element; whoever has described it more often has to search."""


class Language(StrEnum):
    """What a schema is written in, by the end of the file's name."""

    RELAX_NG = ".rng"
    XML_SCHEMA = ".xsd"


class SchemaError(ValueError):
    """The text is no schema that can be used; `line` is where, `None` if that is not known."""

    def __init__(self, fault: str, line: int | None = None) -> None:
        super().__init__(fault)
        self.line = line


class Schema:
    """Validates parsed messages; `name` is what clients are told of it."""

    def __init__(self, text: bytes, language: Language, name: str) -> None:
        """Raises `SchemaError`."""
        root = parsed(text)
        refuse_other_files(root)
        self._name = name
        self._lines = lines_of_elements(root)
        self._validator = compiled(root, language)

    def fault(self, root: etree._Element) -> Fault | None:
        """`None`, or what the schema expects, and where it does."""
        try:
            if self._validator.validate(root):
                return None
        except etree.LxmlError as error:  # libxml2 gave up: then nothing passes
            return self._refused(root, str(error))
        log: Any = self._validator.error_log
        if not log:
            return self._refused(root, "no more is known")
        return self._refused(element_at(root, log[0].path or ""), log[0].message)

    def _refused(self, place: etree._Element, words: str) -> Fault:
        short = words if len(words) <= MAX_WORDS else words[: MAX_WORDS - 3] + "..."
        return refused(f"the message does not fit {self._lines_about(place)}{self._name}: {short}")

    def _lines_about(self, place: etree._Element) -> str:
        """The lines that describe the element, or else the nearest around it."""
        element: etree._Element | None = place
        while element is not None:
            lines = self._lines.get(local_name(element))
            if lines is not None:
                return f"line {' or '.join(map(str, lines[:MAX_LINES]))} of "
            element = element.getparent()
        return ""


def parsed(text: bytes) -> etree._Element:
    """The schema as XML. Raises `SchemaError`."""
    try:
        root = etree.fromstring(text, new_parser())
    except etree.XMLSyntaxError as error:
        raise SchemaError(f"it is not XML: {error.msg}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise SchemaError("it has a document type declaration, which is not read; take it out")
    return root


def refuse_other_files(root: etree._Element) -> None:
    """Raises `SchemaError` if the schema does not stand for itself."""
    others: Any = root.xpath(FILES, namespaces=NAMESPACES)
    for other in others:
        name = etree.QName(other).localname
        fault = f"<{name}> would read another file; put all of the schema into one"
        raise SchemaError(fault, other.sourceline)


def compiled(root: etree._Element, language: Language) -> etree._Validator:
    """Raises `SchemaError` with the first thing that is wrong."""
    try:
        if language is Language.RELAX_NG:
            validator: etree._Validator = etree.RelaxNG(root)
            return validator
        return etree.XMLSchema(root)
    except etree.LxmlError as error:
        log: Any = error.error_log
        if not log:
            raise SchemaError(str(error)) from error
        raise SchemaError(log[0].message, log[0].line if log[0].line > 0 else None) from error


def lines_of_elements(root: etree._Element) -> dict[str, list[int]]:
    """The lines on which elements are described, by their names without prefixes."""
    lines = defaultdict[str, list[int]](list)
    names: Any = root.xpath(NAMES, namespaces=NAMESPACES)
    for name in names:
        is_text = isinstance(name, str)  # an attribute, which knows its element
        text, place = (name, name.getparent()) if is_text else (name.text or "", name)
        lines[text.strip().rpartition(":")[2]].append(place.sourceline)
    return dict(lines)


def element_at(root: etree._Element, path: str) -> etree._Element:
    """The element that libxml2 means by a path like `/a/*[2]/p:b`, as far as it leads."""
    place = root
    for step in path.split("/")[2:]:
        name, _, number = step.rstrip("]").partition("[")
        named = [child for child in place.iterchildren("*") if name in ("*", written_name(child))]
        index = int(number or 1) - 1
        if index >= len(named):
            break
        place = named[index]
    return place


def written_name(element: Any) -> str:
    """The name as the message has it, with its prefix (which the types of lxml say there is
    always)."""
    return f"{element.prefix}:{local_name(element)}" if element.prefix else local_name(element)


def local_name(element: etree._Element) -> str:
    """The name without its namespace; some that libxml2 lets pass are none that `QName` takes."""
    return str(element.tag).rpartition("}")[2]

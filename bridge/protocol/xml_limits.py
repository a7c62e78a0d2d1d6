"""How much of anything one XML document may have, for the buffers and trees of old daemons.

All of it is looked at before libxml2 sees the message, depth apart. That almost every message is
within the bounds is seen by counting bytes; the rest has its long tags taken apart and, where it is
longer than one text may be, its texts measured.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bridge.protocol.xml_texts import has_text_beyond

ATTRIBUTE: Final = re.compile(rb"\s[^\s<>=/'\"]+\s*=\s*[\"']")

TAG: Final = re.compile(rb"[^<>\"']*+(?:\"[^<\"]*+\"[^<>\"']*+|'[^<']*+'[^<>\"']*+)*+")
"""From behind a `<` to the `>` that ends the tag, in linear time, since it is possessive. Neither a
tag nor a value in it holds another `<` (XML 1.0, productions 10 and 40)."""
TAG_NAME: Final = re.compile(rb"^[/?]?+([^\s/?>]*+)")
TAG_ATTRIBUTE: Final = re.compile(rb"\s([^\s=]++)\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+')")

MIN_ATTRIBUTE_BYTES: Final = 5
"""Of the shortest, ` a=""`: in a tag of n bytes there are at most n / 5."""


@dataclass(frozen=True, slots=True)
class XmlLimits:
    """`max_depth` elements inside each other; `max_nodes` elements, comments, processing
    instructions, CDATA sections and, if there may be more than that, attributes.

    `max_attributes` of one element, declarations of namespaces included; `max_name_length` and
    `max_text_length` are characters, of the name of an element, an attribute or a processing
    instruction, and of the text between two tags, the value of an attribute, a comment or what a
    processing instruction says.
    """

    max_depth: int
    max_nodes: int
    max_attributes: int = 256
    max_name_length: int = 256
    max_text_length: int = 1 << 20

    def breach(self, message: bytes) -> str | None:
        """What the message has too much of, depth apart. What is no XML may pass here."""
        most = self.max_nodes
        ends = message.count(b"</")
        nodes = message.count(b"<") - ends
        if (
            message.count(b"=") > most
        ):  # so many attributes are rare; then it is worth a closer look
            nodes += sum(1 for _ in ATTRIBUTE.finditer(message))
        if nodes > most or ends > most:
            return f"the document has more than {most} nodes"
        size = len(message)
        small = size <= self.max_name_length and size <= self.max_attributes * MIN_ATTRIBUTE_BYTES
        if small and size <= self.max_text_length:
            return None
        return self._breach_in_tags(message) or self._breach_in_texts(message)

    def _breach_in_tags(self, message: bytes) -> str | None:
        shortest = min(self.max_name_length, self.max_attributes * MIN_ATTRIBUTE_BYTES)
        for tag in tags_beyond(shortest, message):
            breach = self._breach_in_tag(tag)
            if breach is not None:
                return breach
        return None

    def _breach_in_texts(self, message: bytes) -> str | None:
        most = self.max_text_length
        if len(message) > most and has_text_beyond(most, message):
            return f"a text is longer than {most} characters"
        return None

    def _breach_in_tag(self, tag: bytes) -> str | None:
        attributes = TAG_ATTRIBUTE.findall(tag)
        if len(attributes) > self.max_attributes:
            return f"an element has more than {self.max_attributes} attributes"
        names = [*TAG_NAME.findall(tag), *attributes]
        if any(len(name.decode(errors="replace")) > self.max_name_length for name in names):
            return f"a name is longer than {self.max_name_length} characters"
        return None


def tags_beyond(size: int, message: bytes) -> Iterator[bytes]:
    """The tags that have more bytes than that, each from behind its `<`.

    It goes from one `<` to the last that is near enough, so most of the others are never looked at.
    """
    place = message.find(b"<")
    while place >= 0:
        near = message.rfind(b"<", place + 1, place + size + 2)
        if near < 0:
            tag = TAG.match(message, place + 1)
            if tag is not None and len(tag[0]) > size and not tag[0].startswith(b"!"):
                yield tag[0]  # and no comment or CDATA section
            near = message.find(b"<", place + 1)
        place = near

"""The first message to a daemon, which tells it of the client before the client has a word.

What is filled in may be anything, a name that somebody has made up at another service included. So
it is written in a form in which it can be nothing but a value.
"""

from typing import Final
from urllib.parse import quote
from xml.sax.saxutils import escape

from bridge.protocol.framing import ZERO

QUOTES: Final = {'"': "&quot;", "'": "&apos;"}
UNKNOWN_CHARACTER: Final = "\ufffd"


class Greeting:
    """A template with the fields `session`, `address` and `user`."""

    def __init__(self, template: str, *, is_xml: bool) -> None:
        self._template = template
        self._written = in_xml if is_xml else in_text

    def message(self, session: str, address: str | None, user: str | None) -> str:
        """The message for this client; what is not known of it is empty."""
        return self._template.format(
            session=self._written(session),
            address=self._written(address or ""),
            user=self._written(user or ""),
        )

    def batch(self, session: str, address: str | None, user: str | None) -> bytes:
        """The same as UTF-8 with its zero byte."""
        return self.message(session, address, user).encode() + ZERO


def in_xml(value: str) -> str:
    """As text or as the value of an attribute, in ASCII. A character that XML does not have (XML
    1.0, section 2.2) is told as unknown."""
    known = "".join(one if one.isprintable() else UNKNOWN_CHARACTER for one in value)
    return escape(known, QUOTES).encode("ascii", "xmlcharrefreplace").decode()


def in_text(value: str) -> str:
    """As a URL would have it (RFC 3986, section 2): no space, line end, quote or comma is left
    that the daemon could take for the end of the value."""
    return quote(value, safe="@:", errors="replace")

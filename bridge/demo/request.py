"""A message to what the client asks for: untrusted XML, read by a parser that reaches nowhere."""

from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree


@dataclass(frozen=True, slots=True)
class Join:
    """Be known by this name."""

    name: str


@dataclass(frozen=True, slots=True)
class Say:
    """Tell everybody."""

    text: str


@dataclass(frozen=True, slots=True)
class Who:
    """List the people."""


@dataclass(frozen=True, slots=True)
class Ping:
    """Answer, to show that the line stands."""


@dataclass(frozen=True, slots=True)
class PolicyFileRequest:
    """Flash Player asks whether a movie may connect."""


Request: TypeAlias = Join | Say | Who | Ping | PolicyFileRequest


class RequestError(Exception):
    """The request cannot be met; `code` is for programs, `str()` for people."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def parse(message: bytes) -> Request:
    """Raises `RequestError` for what is not a request of the chat."""
    root = _root(message)
    match root.tag:
        case "join":
            return Join(root.get("name", ""))
        case "say":
            return Say(str(root.xpath("string()")))
        case "who":
            return Who()
        case "ping":
            return Ping()
        case "policy-file-request":
            return PolicyFileRequest()
        case _:
            raise RequestError("unknown-request", "this chat understands join, say, who and ping")


def _root(message: bytes) -> etree._Element:
    try:
        root = etree.fromstring(message, _hardened_parser())
    except etree.XMLSyntaxError as error:
        raise RequestError("not-well-formed", f"the message is not XML: {error.msg}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise RequestError("doctype-forbidden", "no message needs a document type")
    return root


def _hardened_parser() -> etree.XMLParser:
    """No entities, no DTD, no network, libxml2's own bounds on depth and expansion; UTF-8 whatever
    the message declares. Made anew for each message, since a parser keeps the names it has met."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )

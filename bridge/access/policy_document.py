"""From the bytes of a policy file to a `Policy`; whoever wrote it is a stranger.

Real files carry a document type declaration that names Adobe's DTD. It is taken off before the
parser sees the text, so that nothing is ever loaded or declared; one that declares something itself
is refused.
"""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from bridge.access.domains import Domain
from bridge.access.policy import Grant, MetaPolicy, Policy
from bridge.access.ports import Ports

MAX_POLICY_BYTES: Final = 20 * 1024
"""What is longer is no policy. Real ones have a few hundred bytes; this has room for 300 grants."""

LITERAL: Final = r"""(?:"[^"]*"|'[^']*')"""
MISC: Final = r"(?:[\s\ufeff]+|<\?.*?\?>|<!--.*?-->)*+"
"""What may stand before the root element. libxml2 skips a byte order mark, too, also where one has
been taken off before."""
DOCTYPE: Final = re.compile(
    rf"(?P<before>{MISC})<!DOCTYPE\s+(?P<name>[^\s>\[]+)"
    rf"(?:\s+(?:SYSTEM|PUBLIC\s+{LITERAL})\s+{LITERAL})?\s*>",
    re.DOTALL,
)
ANY_DOCTYPE: Final = re.compile(rf"{MISC}<!DOCTYPE", re.DOTALL)
ROOT: Final = "cross-domain-policy"

OTHER_ELEMENTS: Final = frozenset({"allow-http-request-headers-from", "allow-access-from-identity"})
"""About HTTP headers and signed documents: they have no meaning for sockets."""


class PolicyError(ValueError):
    """It is no policy; `str()` says why."""


def read_policy(data: bytes) -> Policy:
    """The policy in `data`, without the zero byte at its end. Raises `PolicyError`.

    An element that breaks a rule grants nothing and is told in `faults`; the others count.
    """
    if len(data) > MAX_POLICY_BYTES:
        raise PolicyError(f"it is longer than {MAX_POLICY_BYTES} bytes")
    root = _parse(_without_doctype(data.decode("utf-8-sig", "replace").strip()))
    if root.tag != ROOT:
        raise PolicyError(f"its root element is {shown(root.tag)}, not {ROOT}")
    faults: list[str] = []
    grants = tuple(_grants(root, faults))
    meta = _meta_policy(root, faults)
    return Policy(meta, grants, tuple(faults))


def shown(text: object) -> str:
    """A stranger's text, cut short and in ASCII."""
    return ascii(str(text)[:60])


def _without_doctype(text: str) -> str:
    found = DOCTYPE.match(text)
    if found is not None and found["name"] == ROOT:
        text = found["before"] + text[found.end() :]
    if ANY_DOCTYPE.match(text):  # another one, or a second one
        raise PolicyError("its document type declaration is not the one of policy files")
    return text


def _parse(text: str) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8",  # whatever the declaration says: it has been decoded
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise PolicyError(f"it is no well-formed XML: {error.msg}") from error


def _grants(root: etree._Element, faults: list[str]) -> Iterator[Grant]:
    for element in root:
        if element.tag == "allow-access-from":
            try:
                yield _grant(element, faults)
            except ValueError as error:
                faults.append(f"an allow-access-from grants nothing: {error}")
        elif element.tag != "site-control" and element.tag not in OTHER_ELEMENTS:
            faults.append(f"the element {shown(element.tag)} is not known")


def _grant(element: etree._Element, faults: list[str]) -> Grant:
    written, ports = element.get("domain"), element.get("to-ports")
    if written is None:
        raise ValueError("it has no domain")
    if ports is None:
        raise ValueError("it has no to-ports, which policies for sockets need")
    secure = element.get("secure", "false").strip().lower()
    if secure not in {"true", "false"}:
        faults.append(f"secure={shown(secure)} counts as true")
    domain = Domain.parse(written)
    attribute = "" if secure == "false" else ' secure="true"'
    text = f'<allow-access-from domain="{domain.text}" to-ports="{ports}"{attribute}/>'
    return Grant(domain, Ports.parse(ports), secure != "false", text)


def _meta_policy(root: etree._Element, faults: list[str]) -> MetaPolicy:
    """The narrowest that is stated; what cannot be understood states `none`."""
    stated = [
        _stated(element.get("permitted-cross-domain-policies"), faults)
        for element in root
        if element.tag == "site-control"
    ]
    return min(stated, key=list(MetaPolicy).index, default=MetaPolicy.ALL)


def _stated(written: str | None, faults: list[str]) -> MetaPolicy:
    try:
        return MetaPolicy((written or "").strip().lower())
    except ValueError:
        faults.append(f"permitted-cross-domain-policies={shown(written)} counts as none")
        return MetaPolicy.NONE

"""A policy of a stranger's is read or refused, and grants no page more than a reading of it that
knows nothing but the rules."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Final

from bridge.access.origins import Origin
from bridge.access.policy import Known, MetaPolicy, Policy, Served
from bridge.access.policy_document import PolicyError, read_policy

WORDS: Final = (
    *(b"<cross-domain-policy>", b"</cross-domain-policy>", b"<allow-access-from", b"/>", b"<!--"),
    *(b' domain="*"', b' domain="*.example.com"', b' domain="example.com"', b' domain="192.0.2.1"'),
    *(b' to-ports="*"', b' to-ports="2000-3000"', b' to-ports="80,2222"', b' secure="true"'),
    *(
        b'<site-control permitted-cross-domain-policies="none"/>',
        b'"master-only"',
        b'"all"',
        b"-->",
    ),
    b'<!DOCTYPE cross-domain-policy SYSTEM "/xml/dtds/cross-domain-policy.dtd">',
    *(
        b"<!DOCTYPE cross-domain-policy [",
        b'<!ENTITY a "*">',
        b"]>",
        b"&a;",
        b"<?xml version='1.0'?>",
    ),
    *(b"<allow-http-request-headers-from/>", b"encoding='utf-16'", b"\xef\xbb\xbf", b"xmlns='a'"),
)
HOSTS: Final = ("example.com", "www.example.com", "notexample.com", "192.0.2.1", "com", "other.org")
PORTS: Final = (1, 80, 2222, 65535)
MASTER: Final = 843
DOCTYPE: Final = re.compile(
    r"""\A((?:\s|<!--.*?-->|<\?.*?\?>)*)<!DOCTYPE(?:"[^"]*"|'[^']*'|[^>\["'])*>""", re.DOTALL
)
"""Behind what may stand in front of it."""
EXAMPLES: Final = (
    (
        b'<?xml version="1.0"?><!DOCTYPE cross-domain-policy SYSTEM "/a.dtd">'
        b'<cross-domain-policy><site-control permitted-cross-domain-policies="all"/>'
        b'<allow-access-from domain="*.example.com" to-ports="80,2000-3000" secure="true"/>'
        b'<allow-access-from domain="*" to-ports="*"/></cross-domain-policy>'
    ),
    (
        b'<cross-domain-policy><allow-access-from domain="192.0.2.1" to-ports="2222"/>'
        b'<allow-http-request-headers-from domain="*"/><a/></cross-domain-policy>'
    ),
    b"<?x <!DOCTYPE a>?><!DOCTYPE cross-domain-policy><cross-domain-policy/>",
)


def check(data: bytes) -> None:
    try:
        policy = read_policy(data)
    except PolicyError:
        return
    text = data.decode("utf-8-sig", "replace").strip()
    root = parsed(DOCTYPE.sub(r"\1", text))
    if root is None:
        return
    assert root.tag == "cross-domain-policy"
    for source in (MASTER, 2222):
        for host in HOSTS:
            for scheme in ("http", "https"):
                granted = set(ports(policy, Origin.parse(f"{scheme}://{host}"), source))
                assert granted <= set(known(root, host, scheme == "https", source))
    if any(element.tag == "site-control" for element in root):
        assert policy.meta in stated(root)


def parsed(text: str) -> ET.Element | None:
    """By expat, which goes by the names of XML's fourth edition; `None` where those are too few,
    and with other letters it is well-formed."""
    try:
        return ET.fromstring(text)
    except ET.ParseError:
        ET.fromstring("".join(each if each.isascii() else "A" for each in text))
        return None


def ports(policy: Policy, origin: Origin, source: int) -> Iterator[int]:
    """Those that the bridge lets the page come to."""
    standing = Known((Served(policy, source, "here", is_master=source == MASTER),))
    for served in standing.counting:
        for port in PORTS:
            if any(
                grant.obstacle(origin, port, source) is None
                for grant in served.policy.for_host(origin.host)
            ):
                yield port


def known(root: ET.Element, host: str, is_secure: bool, source: int) -> Iterator[int]:
    """Those that the rules let it come to."""
    for element in root.iterfind("allow-access-from"):
        means = meant(element.get("domain", "").strip().lower(), host)
        if means and (is_secure or element.get("secure", "false").strip().lower() == "false"):
            yield from (
                port
                for port in PORTS
                if names(element.get("to-ports", ""), port) and (source < 1024 or port >= 1024)
            )


def meant(domain: str, host: str) -> bool:
    """`*`, the host itself, or `*.` and the end of the host at a dot; no wildcard for addresses."""
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        return False
    if domain.startswith("*."):
        return not host[-1].isdigit() and f".{host}".endswith(domain.removeprefix("*"))
    return domain == "*" or domain.strip("[]") == host


def names(written: str, port: int) -> bool:
    """Whether one of the ranges between commas has it."""
    for part in written.split(","):
        ends = [end.strip() for end in part.split("-")]
        if part.strip() == "*":
            return True
        if all(map(str.isdecimal, ends)) and int(ends[0]) <= port <= int(ends[-1]):
            return True
    return False


def stated(root: ET.Element) -> set[MetaPolicy]:
    """The meta-policies that stand there; what is none is `none`."""
    written = {
        element.get("permitted-cross-domain-policies", "").strip().lower()
        for element in root
        if element.tag == "site-control"
    }
    return {MetaPolicy(word) if word in [*MetaPolicy] else MetaPolicy.NONE for word in written}

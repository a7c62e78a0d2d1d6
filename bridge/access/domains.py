"""The attribute `domain` of a policy: which hosts' pages it means.

Adobe's cross-domain policy file specification 2.0, element `allow-access-from`. Hosts are compared
as they are written in the page's address, and no name is looked up: an IP address stands for pages
that were fetched by that address, a name for those fetched by that name.
"""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final, Self

ANY: Final = "*"
WILDCARD: Final = "*."
NAME: Final = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?")
MAX_NAME_LENGTH: Final = 253
INSIDE: Final = ("local", "localhost", "internal", "lan", "home.arpa")
"""Domains whose names mean something else to everybody (RFC 6761, 6762, 8375)."""


@dataclass(frozen=True, slots=True)
class Domain:
    """`*`, `*.example.com`, `www.example.com` or an IP address, in lower case."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises `ValueError` for what grants nothing: a wildcard anywhere else, before a top-level
        domain (`*.com`) or in an IP address, a scheme, a port."""
        written = text.strip().lower()
        if written == ANY:
            return cls(ANY)
        if written.startswith(WILDCARD):
            return cls(WILDCARD + _suffix(written.removeprefix(WILDCARD)))
        return cls(normal_host(written))

    @property
    def is_any(self) -> bool:
        """Whether it means pages of everywhere, those from local files too."""
        return self.text == ANY

    def matches(self, host: str | None) -> bool:
        """Whether a page of this host is meant, in the form of `normal_host`; `None` for a page
        that has none, such as a local file."""
        if self.is_any or host is None:
            return self.is_any
        if not self.text.startswith(WILDCARD):
            return host == self.text
        domain = self.text.removeprefix(WILDCARD)
        return not is_ip(host) and (host == domain or host.endswith(f".{domain}"))

    def covers(self, other: "Domain") -> bool:
        """Whether this means every host that the other means."""
        if self.is_any or other.is_any:
            return self.is_any
        if other.text.startswith(WILDCARD):
            is_wildcard = self.text.startswith(WILDCARD)
            return is_wildcard and self.matches(other.text.removeprefix(WILDCARD))
        return self.matches(other.text)


def normal_host(text: str) -> str:
    """A host in the one form in which it is compared. Raises `ValueError` if it is none."""
    if text.startswith("[") and text.endswith("]") and ":" in text:
        text = text[1:-1]
    if "%" not in text and is_ip(text):  # a zone, as in fe80::1%eth0, is in no origin
        return str(ip_address(text))
    name = _name(text)
    return str(ip_address(name)) if is_ip(name) else name  # 127.0.0.1 in other digits, say


def is_ip(host: str) -> bool:
    """Whether browsers take it for an IP address and no name (WHATWG URL, "ends in a number")."""
    return ":" in host or host.rpartition(".")[2].isdigit()


def is_inside(name: str) -> bool:
    """Whether a name means something else to everybody: one without a dot, or below `INSIDE`."""
    return "." not in name or any(name.endswith(f".{domain}") for domain in INSIDE)


def _suffix(text: str) -> str:
    name = _name(text)
    if is_ip(name):
        raise ValueError(f"'*.{name}' has a wildcard in an IP address")
    if "." not in name.removesuffix("."):
        raise ValueError(f"'*.{name}' would mean a whole top-level domain")
    return name


def _name(text: str) -> str:
    """A name as browsers send it: international ones in their ASCII form (RFC 5891)."""
    try:
        name = text if text.isascii() else text.encode("idna").decode()
    except UnicodeError:
        name = ""
    if not NAME.fullmatch(name) or len(name) > MAX_NAME_LENGTH:
        raise ValueError(f"{text[:MAX_NAME_LENGTH]!a} is no host")
    return name

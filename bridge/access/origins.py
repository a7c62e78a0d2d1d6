"""Whose page is asking: the `Origin` of a request (RFC 6454), and the host it was sent to.

A page's own host is what Flash went by. What has none, a local file above all, is meant only where
all are.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

from bridge.access.domains import normal_host
from bridge.config.address import MAX_PORT
from bridge.config.origins import DEFAULT_PORTS, ORIGIN, normal_origin

NULL: Final = "null"
LOCAL_FILE: Final = re.compile(r"file://[!-~]*", re.IGNORECASE | re.ASCII)
"""What some browsers and web views send for local files, where the standard has `null`."""

ORIGINS_KEPT: Final = 256
"""A page shows the same one with every request, and each daemon's rules look at it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """An origin in the form of the configuration's. `host` is `None` for pages that no web server
    has sent: local files, sandboxed frames (`is_null`), browser extensions, apps."""

    text: str
    host: str | None = None
    is_secure: bool = False
    is_null: bool = False

    @classmethod
    @lru_cache(ORIGINS_KEPT)
    def parse(cls, header: str) -> Self:
        """Raises `ValueError` for what no browser sends, more than one origin among it."""
        if header == NULL or LOCAL_FILE.fullmatch(header):
            return cls(NULL, is_null=True)
        # lower() makes ASCII of letters that are none: of U+212A, the kelvin sign, a "k".
        found = ORIGIN.fullmatch(header.lower()) if header.isascii() else None
        if found is None or int(found["port"] or 0) > MAX_PORT:
            raise ValueError(f"{header[:300]!a} is not an origin")
        if found["scheme"] not in DEFAULT_PORTS:
            return cls(normal_origin(header))
        is_secure = found["scheme"] == "https"
        return cls(normal_origin(header), normal_host(found["host"]), is_secure)


@dataclass(frozen=True, slots=True)
class Page:
    """What a request says of the page that it comes from: its headers `Origin`, `Host` and
    `X-Forwarded-Proto`, and whether `Sec-Fetch-Site` is `same-origin`, which browsers say where
    they leave `Origin` out. `host_is_known` tells whether that host is the bridge's for sure."""

    origin: str | None
    host: str | None = None
    forwarded_proto: str | None = None
    says_same_origin: bool = False
    host_is_known: bool = True

    @property
    def is_own(self) -> bool:
        """Whether it is a page of the bridge's own host."""
        return self.host_is_known and self.is_of_host_asked

    @property
    def is_of_host_asked(self) -> bool:
        """Whether it is a page of the host that was asked, whoever has the name of that."""
        if self.origin is None:
            return self.says_same_origin
        return self.host is not None and is_own(self.origin, self.host, self.forwarded_proto)


def is_own(origin: str, host: str, forwarded_proto: str | None) -> bool:
    """Whether an `Origin` is that of the request's own `Host`; what has no form of one is nobody's.

    Behind a proxy that ends TLS the scheme is the one it forwards; without word of it both will do,
    since the authority is the same.
    """
    scheme = origin.lower().partition("://")[0]
    if scheme not in DEFAULT_PORTS or forwarded_proto not in {None, scheme}:
        return False
    try:
        return Origin.parse(origin) == Origin.parse(f"{scheme}://{host}")
    except ValueError:
        return False

"""Under which names the bridge is reached: what keeps DNS rebinding out.

Whoever owns a name can let it lead to the bridge once a page of his is loaded. To the reader's
browser that page is then one of the bridge's own host, with a `Host` and an `Origin` that agree.
Three kinds of pages cannot be made so: those fetched by an IP address, those of names that nobody
can own, and those that ask over TLS, for which the bridge's side would have to show a certificate
of his. An `Origin` with https is no sign of that: such a page came over TLS, from him, but may ask
in the clear once its reader has let it into his network.
"""

import re
from functools import lru_cache
from typing import Final, Self

from bridge.access.domains import Domain, is_inside, is_ip, normal_host
from bridge.config import Config, UnixPath
from bridge.config.proxies import UNIX

AUTHORITY: Final = re.compile(r"(?P<host>[^\s:@/\[\]]+|\[[0-9a-f:.]+\])(?::[0-9]*)?")
"""`Host` (RFC 9110 section 7.2)."""

HOSTS_KEPT: Final = 64
"""A bridge is asked by a few names, with every request; whatever else comes goes soon."""


class Hosts:
    """The configured names; `None` where there are none.

    What comes by a unix socket comes from a proxy (`is_proxied`), which answers for the names that
    lead to it as long as none are configured.
    """

    def __init__(self, names: tuple[str, ...] | None, *, is_proxied: bool) -> None:
        self._domains = None if names is None else tuple(map(Domain.parse, names))
        self._is_proxied = is_proxied

    @classmethod
    def configured(cls, config: Config) -> Self:
        """Those of the configuration."""
        return cls(config.hosts, is_proxied=isinstance(config.listen, UnixPath))

    def admits(self, authority: str | None) -> bool:
        """Whether a request to this `Host` is answered at all; one without is no browser's."""
        return self._domains is None or authority is None or self._is_known(authority)

    def vouches_for(self, authority: str | None, *, over_tls: bool) -> bool:
        """Whether a page of this `Host` can be nobody's but the bridge's. `over_tls` tells that a
        proxy of ours had the request over TLS; a page's own word is not to be taken for that."""
        if self._domains is None and (self._is_proxied or over_tls):
            return True
        return authority is not None and self._is_known(authority)

    def _is_known(self, authority: str) -> bool:
        host = host_of(authority)
        if host is None:
            return False
        named = any(domain.matches(host) for domain in self._domains or ())
        return named or is_ip(host) or is_inside(host)


def can_be_told_of_tls(config: Config) -> bool:
    """Whether there are proxies with an address, whose word that a page came over TLS counts."""
    return any(each != UNIX for each in config.trusted_proxies)


@lru_cache(HOSTS_KEPT)
def host_of(authority: str) -> str | None:
    """The host of a `Host` header, in the form of `normal_host`; `None` if there is none.

    What is not ASCII is none: there are letters whose small form is (U+212A, the kelvin sign).
    """
    if not authority.isascii():
        return None
    found = AUTHORITY.fullmatch(authority.lower())
    try:
        return None if found is None else normal_host(found["host"].removesuffix("."))
    except ValueError:
        return None

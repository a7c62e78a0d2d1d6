"""Which web pages may talk to which daemon.

A browser says with `Origin` (RFC 6454) whose page is asking; a page of the bridge's own origin may
reach every daemon, any other one only those whose `origins` name it.
"""

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlsplit

ANY: Final = "*"
DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class Origins:
    """The configured origins by daemon; `"*"` stands for every one."""

    def __init__(self, by_daemon: Mapping[str, Iterable[str]]) -> None:
        self._by_daemon = {name: frozenset(origins) for name, origins in by_daemon.items()}
        self._union = frozenset[str]().union(*self._by_daemon.values())

    def allow(self, origin: str, daemon: str | None) -> bool:
        """Whether a page of this origin may reach the daemon, or any daemon at all for `None`."""
        allowed = self._union if daemon is None else self._by_daemon[daemon]
        return origin in allowed or ANY in allowed


def is_own(origin: str, host: str, forwarded_proto: str | None) -> bool:
    """Whether an `Origin` is that of the request's own `Host`.

    Behind a proxy that ends TLS the scheme is the one it forwards; without word of it both will do,
    since the authority is the same.
    """
    try:
        parts = urlsplit(origin)
        own = urlsplit(f"{parts.scheme}://{host}")
        ports = parts.port, own.port
    except ValueError:
        return False
    if parts.scheme not in DEFAULT_PORTS or forwarded_proto not in {None, parts.scheme}:
        return False
    default = DEFAULT_PORTS[parts.scheme]
    same_port = (ports[0] or default) == (ports[1] or default)
    is_plain = not (parts.path or parts.query or parts.fragment or "@" in parts.netloc)
    return is_plain and same_port and parts.hostname is not None and parts.hostname == own.hostname

"""How a daemon is approached, where that is more than a TCP connection to its address."""

import ssl
from dataclasses import dataclass

from bridge.config.networks import Network
from bridge.protocol.proxy_header import Version


@dataclass(frozen=True, slots=True)
class Secured:
    """TLS with a daemon that proves this name."""

    context: ssl.SSLContext
    server_name: str


@dataclass(frozen=True, slots=True)
class Approach:
    """Nothing of it by default.

    `never`: networks that are not dialled, whatever the daemon's name leads to. `proxy_protocol`:
    in which version the daemon is told of the client, before TLS begins.
    """

    never: tuple[Network, ...] = ()
    tls: Secured | None = None
    proxy_protocol: Version | None = None


PLAIN_TCP = Approach()

"""How a daemon is approached, where that is more than a TCP connection to its address."""

import ssl
from dataclasses import dataclass

from bridge.config.networks import Network
from bridge.protocol.greeting import Greeting
from bridge.protocol.proxy_header import Version
from bridge.tunnel.daemon.sources import Sources


@dataclass(frozen=True, slots=True)
class Secured:
    """TLS with a daemon that proves this name."""

    context: ssl.SSLContext
    server_name: str


@dataclass(frozen=True, slots=True)
class Approach:
    """Nothing of it by default.

    `never`: networks that are not dialled, whatever the daemon's name leads to. `proxy_protocol`:
    in which version the daemon is told of the client, before TLS begins. `sources`: where
    connections come from; by default the system chooses. `greeting`: the first message.
    """

    never: tuple[Network, ...] = ()
    tls: Secured | None = None
    proxy_protocol: Version | None = None
    sources: Sources | None = None
    greeting: Greeting | None = None

    @property
    def wants_own_socket(self) -> bool:
        """Whether something is to be done with the socket before the event loop has it."""
        return self.proxy_protocol is not None or self.sources is not None


PLAIN_TCP = Approach()

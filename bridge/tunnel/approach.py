"""How a daemon is approached, where that is more than a TCP connection to its address."""

from dataclasses import dataclass

from bridge.config.networks import Network


@dataclass(frozen=True, slots=True)
class Approach:
    """Nothing of it by default.

    `never`: networks that are not dialled, whatever the daemon's name leads to.
    """

    never: tuple[Network, ...] = ()


PLAIN_TCP = Approach()

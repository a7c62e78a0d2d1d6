"""Networks that a daemon's address must not lie in."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Final, TypeAlias

from pydantic import Field, PlainValidator

from bridge.config.wording import described, quoted

Network: TypeAlias = IPv4Network | IPv6Network

FORM: Final = (
    'a list of networks like ["10.0.0.0/8"], "private" among them for all that are not public'
)
PRIVATE: Final = "private"

# IANA's registries of special-purpose addresses, as far as nothing public lies in them, and
# multicast (RFC 6890, RFC 5771, RFC 4291).
PRIVATE_NETWORKS: Final = tuple(
    map(
        ip_network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
            *("172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15"),
            *("224.0.0.0/4", "240.0.0.0/4"),
            *("::/127", "64:ff9b:1::/48", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
        ),
    )
)

# Where clouds hand their credentials to whoever asks from inside, and no daemon listens.
METADATA_NETWORKS: Final = tuple(
    map(ip_network, ("169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128"))
)


def _networks(value: object) -> tuple[Network, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{described(value)}; write {FORM}")
    return tuple(network for item in value for network in _networks_of(item))


def _networks_of(item: object) -> Sequence[Network]:
    if item == PRIVATE:
        return PRIVATE_NETWORKS
    if isinstance(item, Network):
        return (item,)
    return (parse_network(item, FORM),)


def parse_network(item: object, form: str) -> Network:
    """A network from its text. Raises `ValueError` with the whole fault, which tells the form of
    the list where the item is none at all."""
    if not isinstance(item, str):
        raise ValueError(f"{described(item)}; write {form}")
    try:
        return ip_network(item)
    except ValueError as error:
        around = _network_around(item)
        if around is None:
            raise ValueError(f"{quoted(item)} is not a network; write {form}") from error
        raise ValueError(
            f"{quoted(item)} is an address within a network; write {around}, or the address alone"
        ) from error


def _network_around(item: str) -> Network | None:
    """The network of an address that is given with a mask."""
    try:
        return ip_network(item, strict=False)
    except ValueError:
        return None


Networks: TypeAlias = Annotated[
    tuple[Network, ...], PlainValidator(_networks), Field(description=FORM)
]

"""The proxies that are believed about where a request comes from."""

from typing import Annotated, Final, TypeAlias

from pydantic import Field, PlainValidator

from bridge.config.networks import Network, parse_network
from bridge.config.wording import described

UNIX: Final = "unix"
"""Stands for every peer of a unix socket: it has no address, and the folder's rights say who may
connect."""
FORM: Final = 'a list of networks like ["127.0.0.1/32"], "unix" for what comes by a unix socket'


def _proxies(value: object) -> tuple[Network | str, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{described(value)}; write {FORM}")
    return tuple(map(_proxy, value))


def _proxy(item: object) -> Network | str:
    if isinstance(item, Network) or item == UNIX:
        return item
    return parse_network(item, FORM)


Proxies: TypeAlias = Annotated[
    tuple[Network | str, ...], PlainValidator(_proxies), Field(description=FORM)
]

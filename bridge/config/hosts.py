"""The names under which the bridge is reached."""

from typing import Annotated, Final, TypeAlias

from pydantic import Field, PlainValidator

from bridge.config.address import HOST_NAME, parse_host
from bridge.config.wording import described, quoted

WILDCARD: Final = "*."
ANY: Final = "*"
FORM: Final = 'a list of names like ["bridge.example.com", "*.example.com"], without scheme or port'


def _hosts(value: object) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list | tuple):
        raise ValueError(f"{described(value)}; write {FORM}")
    return tuple(map(_host, value))


def _host(item: object) -> str:
    if not isinstance(item, str):
        raise ValueError(f"{described(item)}; write {FORM}")
    name = item.lower().removesuffix(".")
    if name != ANY and not HOST_NAME.fullmatch(name.removeprefix(WILDCARD)):
        raise ValueError(f"{quoted(item)} is not a name; write {FORM}")
    if name.startswith(WILDCARD) and "." not in name.removeprefix(WILDCARD):
        raise ValueError(f"{quoted(item)} would mean a whole top-level domain; write {FORM}")
    if name.startswith(WILDCARD) and name.rpartition(".")[2].isdigit():
        raise ValueError(f"{quoted(item)} has a wildcard in an IP address; write {FORM}")
    return name if name == ANY or name.startswith(WILDCARD) else parse_host(name)


HostsOrNone: TypeAlias = Annotated[
    tuple[str, ...] | None, PlainValidator(_hosts), Field(description=FORM)
]

"""The types of single values: bounds, patterns and how a value is brought into its one form.

Each type's `description` is the second half of every fault found in it, after "write". A validator
raises `ValueError` with the whole text of the fault.
"""

import re
from ipaddress import ip_address
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AfterValidator, Field, PlainValidator

from bridge.config.address import MAX_PORT, HostPort, Listen, parse_host_port, parse_listen
from bridge.config.wording import described, quoted

# As in Flash Player: below are system services, which nobody meant to open to browsers.
FIRST_UNPRIVILEGED_PORT: Final = 1024

# No name may be "." or "..": browsers take such a segment out of a URL's path before they send it.
PATH: Final = re.compile(r"/(?:(?!\.{1,2}/)[A-Za-z0-9._~-]+/)*")
ALIAS: Final = re.compile(r"(?!\.{1,2}$)[^\s/]{1,255}")
NAME: Final = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}")
NODE: Final = re.compile(r"[a-z0-9]{1,16}")
ORIGIN: Final = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://"
    r"(?P<host>[a-z0-9._-]+|\[[0-9a-f:.]+\])"
    r"(?::(?P<port>[0-9]{1,5}))?"
)

DEFAULT_PORTS: Final = {"http": "80", "https": "443"}


def _listen_address(value: object) -> Listen:
    if isinstance(value, Listen):
        return value
    return parse_listen(_text(value, "host:port or unix:/path"))


def _listen_address_or_none(value: object) -> Listen | None:
    return None if value is None else _listen_address(value)


def _daemon_address(value: object) -> HostPort | None:
    if value is None:
        return None
    if isinstance(value, HostPort):
        return value
    return parse_host_port(_text(value, "host:port"), least_port=1)


def _text(value: object, form: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{described(value)}; write {form}")
    return value


def _matching(pattern: re.Pattern[str], fault: str) -> AfterValidator:
    """Lets through what the whole pattern matches; the fault follows the value."""

    def checked(text: str) -> str:
        if not pattern.fullmatch(text) or not text.isprintable():
            raise ValueError(f"{quoted(text)} {fault}")
        return text

    return AfterValidator(checked)


def _normal_address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError as error:
        raise ValueError(
            f"{quoted(text)} is not an IP address; write one of this machine's, like 10.0.0.2"
        ) from error


def _normal_path(text: str) -> str:
    """The path with a slash at both ends, so that what is served below it can be appended."""
    inner = text.strip("/")
    path = f"/{inner}/" if inner else "/"
    if not PATH.fullmatch(path):
        raise ValueError(
            f"{quoted(text)} is not a path that can be served; write for example /bridge/, "
            "of letters, digits and . _ ~ -"
        )
    return path


def normal_origin(text: str) -> str:
    """The origin as a browser sends it (RFC 6454, section 6.2): lower case, no default port."""
    if text == "*":
        return text
    origin = ORIGIN.fullmatch(text.lower())
    if origin is None:
        raise ValueError(
            f"{quoted(text)} is not an origin; write scheme://host or scheme://host:port without a "
            'path, for example https://play.example.com, or "*" for every one'
        )
    scheme, host, port = origin.groups()
    return f"{scheme}://{host}" + (f":{port}" if port and port != DEFAULT_PORTS.get(scheme) else "")


# A day is more than any of these can need and keeps a slip (milliseconds) from going unnoticed;
# a hundredth is about as exact as timers are on a busy event loop.
Seconds: TypeAlias = Annotated[
    float, Field(ge=0.01, le=86400, allow_inf_nan=False, description="seconds")
]
SecondsOrNone: TypeAlias = Annotated[
    float, Field(ge=0, le=86400, allow_inf_nan=False, description="seconds")
]
Bytes: TypeAlias = Annotated[int, Field(ge=1, description="a whole number of bytes")]
BytesOrNone: TypeAlias = Annotated[
    int | None, Field(ge=1, description="a whole number of bytes, or null for that of all")
]
Count: TypeAlias = Annotated[int, Field(ge=1, description="a whole number")]
CountOrNone: TypeAlias = Annotated[
    int | None, Field(ge=1, description="a whole number, or null for no limit")
]
PerSecondOrNone: TypeAlias = Annotated[
    float | None,
    Field(
        ge=0.001,
        le=1_000_000,
        allow_inf_nan=False,
        description="how many a second, or null for no limit",
    ),
]
Port: TypeAlias = Annotated[int, Field(ge=1, le=MAX_PORT, description="a port")]
Switch: TypeAlias = Annotated[bool, Field(description="true or false")]

ListenAddress: TypeAlias = Annotated[
    Listen, PlainValidator(_listen_address), Field(description="host:port or unix:/path")
]
ListenAddressOrNone: TypeAlias = Annotated[
    Listen | None,
    PlainValidator(_listen_address_or_none),
    Field(description="host:port or unix:/path"),
]
DaemonAddress: TypeAlias = Annotated[
    HostPort | None, PlainValidator(_daemon_address), Field(description="host:port")
]
BasePath: TypeAlias = Annotated[
    str, AfterValidator(_normal_path), Field(description="a path like /bridge/")
]
NodeName: TypeAlias = Annotated[
    str,
    _matching(NODE, "is not a node name; write 1 to 16 of a-z and 0-9"),
    Field(description="a name in quotes, 1 to 16 of a-z and 0-9"),
]
DaemonName: TypeAlias = Annotated[
    str, _matching(NAME, "is not a daemon name; write 1 to 64 of A-Z, a-z, 0-9 and . _ -")
]
Alias: TypeAlias = Annotated[
    str, _matching(ALIAS, "is not an alias; write 1 to 255 characters without spaces and slashes")
]
Origin: TypeAlias = Annotated[str, AfterValidator(normal_origin)]
Messages: TypeAlias = Annotated[
    Literal["xml", "text", "bytes"], Field(description="xml, text or bytes")
]
Embedded: TypeAlias = Annotated[Literal["chat"] | None, Field(description="chat")]
ProxyProtocol: TypeAlias = Annotated[Literal["v1", "v2"] | None, Field(description="v1 or v2")]

# Lists become tuples, which nobody can change; strict pydantic takes only tuples for tuples.
Aliases: TypeAlias = Annotated[
    tuple[Alias, ...], Field(strict=False, description='a list of texts like ["example.com:9339"]')
]
Origins: TypeAlias = Annotated[
    tuple[Origin, ...],
    Field(strict=False, description='a list of texts like ["https://play.example.com"]'),
]
Sources: TypeAlias = Annotated[
    tuple[Annotated[str, AfterValidator(_normal_address)], ...],
    Field(strict=False, description='a list of IP addresses like ["10.0.0.2"]'),
]

"""Where something listens or comes from: a host and a port, the path of a unix socket, an address
of this machine."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, Field, PlainValidator

from bridge.config.wording import cut, described, on_one_line, quoted

# As in Flash Player: below are system services, which nobody meant to open to browsers.
FIRST_UNPRIVILEGED_PORT: Final = 1024
MAX_PORT: Final = 65535

LABEL: Final = "[A-Za-z0-9_-]{1,63}"
HOST_NAME: Final = re.compile(rf"(?=.{{1,253}}$){LABEL}(\.{LABEL})*")
"""A name within the bounds of RFC 1035; the underscore is none of its letters, but containers have
such names."""

EVERY: Final = re.compile(r"\*?:([0-9]{1,5})")
"""What some other programs take for every address of the machine."""
SCHEME: Final = re.compile("[A-Za-z][A-Za-z0-9+.-]{0,19}://")
LISTEN_FORM: Final = "host:port or unix:/path"
DIALLED_FORM: Final = "host:port"

MAX_UNIX_PATH_BYTES: Final = 107
"""Linux: `sun_path` in unix(7) has 108 bytes, the last one being zero."""


@dataclass(frozen=True, slots=True)
class HostPort:
    """A TCP address. `host` is a name or an IP address, an IPv6 one without its brackets."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class UnixPath:
    """The absolute path of a unix socket."""

    path: str

    def __str__(self) -> str:
        return f"unix:{self.path}"


Listen: TypeAlias = HostPort | UnixPath


def parse_listen(text: str) -> Listen:
    """`unix:/path` or what `parse_host_port` takes; raises `ValueError` with the whole fault."""
    if text.startswith("unix:"):
        return _parse_unix_path(text)
    if text.startswith("/"):
        raise ValueError(f"{quoted(text)} is a path; write {on_one_line(cut(f'unix:{text}'))}")
    every = EVERY.fullmatch(text)
    if every is not None:
        raise ValueError(f"{quoted(text)} names no host; write 0.0.0.0:{every[1]} for every one")
    return parse_host_port(text)


def parse_host_port(text: str, least_port: int = 0) -> HostPort:
    """`host:port` or `[v6]:port`, with a port from `least_port` to 65535; raises `ValueError` with
    the whole fault."""
    scheme = SCHEME.match(text)
    if scheme is not None:
        raise ValueError(f"{quoted(text)} is a URL; write host:port, without {scheme[0]}")
    host, colon, port = text.rpartition(":")
    if not colon or not re.fullmatch("[0-9]{1,5}", port):
        fault = f"{quoted(text)} does not end in a port"
    elif not least_port <= int(port) <= MAX_PORT:
        fault = f"{port} is no port"
    else:
        return HostPort(parse_host(host), int(port))
    raise ValueError(f"{fault}; write host:port, the port {least_port} to {MAX_PORT}")


def parse_host(host: str) -> str:
    """A name or an IP address, an IPv6 one in brackets, which it loses; raises `ValueError` with
    the whole fault."""
    if host.startswith("[") and host.endswith("]"):
        return _checked_ip(IPv6Address, host[1:-1])
    if ":" in host:
        raise ValueError(f"the host {quoted(host)} has colons; write an IPv6 address as [::1]:port")
    if not HOST_NAME.fullmatch(host):
        raise ValueError(f"{quoted(host)} is not a host; write a name or an IP address")
    if host.rpartition(".")[2].isdigit():
        return _checked_ip(IPv4Address, host)
    return host


def _checked_ip(version: type[IPv4Address | IPv6Address], host: str) -> str:
    try:
        return str(version(host))
    except ValueError as error:
        example = "127.0.0.1" if version is IPv4Address else "[::1]"
        raise ValueError(
            f"{quoted(host)} is not an IP address; write one like {example}, or a name"
        ) from error


def _parse_unix_path(text: str) -> UnixPath:
    path = text.removeprefix("unix:")
    if not path.startswith("/") or "\0" in path:
        raise ValueError(
            f"{quoted(path)} is not an absolute path; write for example unix:/run/bridge.sock"
        )
    if len(path.encode()) > MAX_UNIX_PATH_BYTES:
        raise ValueError(
            f"the path {quoted(path)} is too long for a socket; "
            f"write one of at most {MAX_UNIX_PATH_BYTES} bytes"
        )
    return UnixPath(path)


def _listen_address(value: object) -> Listen:
    return value if isinstance(value, Listen) else parse_listen(_text(value, LISTEN_FORM))


def _listen_address_or_none(value: object) -> Listen | None:
    return None if value is None else _listen_address(value)


def _daemon_address(value: object) -> HostPort | None:
    if value is None or isinstance(value, HostPort):
        return value
    return parse_host_port(_text(value, DIALLED_FORM), least_port=1)


def _text(value: object, form: str) -> str:
    if isinstance(value, str):
        return value
    is_port = isinstance(value, int) and FIRST_UNPRIVILEGED_PORT <= value <= MAX_PORT
    example = f", for example 127.0.0.1:{value}" if is_port else ""
    raise ValueError(f"{described(value)}; write {form}{example}")


def _own_address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError as error:
        raise ValueError(
            f"{quoted(text)} is not an IP address; write one of this machine's, like 10.0.0.2"
        ) from error


Port: TypeAlias = Annotated[int, Field(ge=1, le=MAX_PORT, description="a port")]
ListenAddress: TypeAlias = Annotated[
    Listen, PlainValidator(_listen_address), Field(description=LISTEN_FORM)
]
ListenAddressOrNone: TypeAlias = Annotated[
    Listen | None, PlainValidator(_listen_address_or_none), Field(description=LISTEN_FORM)
]
DaemonAddress: TypeAlias = Annotated[
    HostPort | None, PlainValidator(_daemon_address), Field(description=DIALLED_FORM)
]
Sources: TypeAlias = Annotated[
    tuple[Annotated[str, AfterValidator(_own_address)], ...],
    Field(strict=False, description='a list of IP addresses like ["10.0.0.2"]'),
]

"""The pages that may talk to a daemon, as browsers name them in `Origin`."""

import re
from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, Field

from bridge.config.address import MAX_PORT, parse_host
from bridge.config.wording import quoted

ORIGIN: Final = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://"
    r"(?P<host>[a-z0-9._-]+|\[[0-9a-f:.]+\])"
    r"(?::(?P<port>[0-9]{1,5}))?"
)

DEFAULT_PORTS: Final = {"http": "80", "https": "443"}


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


def _origin(text: str) -> str:
    """One that a browser can send, in that form."""
    normal = normal_origin(text)
    found = ORIGIN.fullmatch(normal)
    if found is not None and int(found["port"] or 0) > MAX_PORT:
        raise ValueError(f"{quoted(text)} has no port; write one up to {MAX_PORT}, or none")
    if found is not None and found["scheme"] in DEFAULT_PORTS:
        parse_host(found["host"].removesuffix("."))
    return normal


# A list becomes a tuple, which nobody can change; strict pydantic takes only tuples for tuples.
Origins: TypeAlias = Annotated[
    tuple[Annotated[str, AfterValidator(_origin)], ...],
    Field(strict=False, description='a list of texts like ["https://play.example.com"]'),
]

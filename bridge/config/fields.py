"""The types of simple values: numbers, names, paths and choices, with their bounds and patterns.

Each type's `description` is the second half of every fault found in it, after "write". A validator
raises `ValueError` with the whole text of the fault.
"""

import re
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AfterValidator, Field

from bridge.config.wording import quoted

# No name may be "." or "..": browsers take such a segment out of a URL's path before they send it.
PATH: Final = re.compile(r"/(?:(?!\.{1,2}/)[A-Za-z0-9._~-]+/)*")
ALIAS: Final = re.compile(r"(?!\.{1,2}$)[^\s/]{1,255}")
NAME: Final = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}")
NODE: Final = re.compile(r"[a-z0-9]{1,16}")


def _matching(pattern: re.Pattern[str], fault: str) -> AfterValidator:
    """Lets through what the whole pattern matches; the fault follows the value."""

    def checked(text: str) -> str:
        if not pattern.fullmatch(text) or not text.isprintable():
            raise ValueError(f"{quoted(text)} {fault}")
        return text

    return AfterValidator(checked)


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


# A day is more than any of these can need and keeps a slip (milliseconds) from going unnoticed;
# a hundredth is about as exact as timers are on a busy event loop.
Seconds: TypeAlias = Annotated[
    float, Field(ge=0.01, le=86400, allow_inf_nan=False, description="seconds")
]
SecondsOrZero: TypeAlias = Annotated[
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
Switch: TypeAlias = Annotated[bool, Field(description="true or false")]

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
Messages: TypeAlias = Annotated[
    Literal["xml", "text", "bytes"], Field(description="xml, text or bytes")
]
Embedded: TypeAlias = Annotated[Literal["chat"] | None, Field(description="chat")]
ProxyProtocol: TypeAlias = Annotated[Literal["v1", "v2"] | None, Field(description="v1 or v2")]

# Lists become tuples, which nobody can change; strict pydantic takes only tuples for tuples.
Aliases: TypeAlias = Annotated[
    tuple[Alias, ...], Field(strict=False, description='a list of texts like ["example.com:9339"]')
]

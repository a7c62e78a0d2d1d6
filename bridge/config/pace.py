"""How fast messages may go one way."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Annotated, Final, TypeAlias

from pydantic import Field, PlainValidator

from bridge.config.guess import check_key
from bridge.config.wording import described, shown

FORM: Final = "messages_per_s, bytes_per_s and burst_s below it, or null for no limit"
BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "messages_per_s": (0.001, 1_000_000),
    "bytes_per_s": (1, 1_000_000_000),
    "burst_s": (0.1, 3600),
}
"""The least and the most of each key; a burst is no shorter than a portion of
`tunnel/pace/throttle`."""


@dataclass(frozen=True, slots=True)
class Pace:
    """So many messages and bytes a second, on average; at once, what comes together in `burst_s`
    seconds."""

    messages_per_s: float | None = None
    bytes_per_s: float | None = None
    burst_s: float = 1.0


def _pace(value: object) -> Pace | None:
    if value is None or isinstance(value, Pace):
        return value
    if not isinstance(value, Mapping):
        raise ValueError(f"{described(value)}; write {FORM}")
    for key, number in value.items():
        _check(key, number)
    pace = Pace(**value)
    if pace.messages_per_s is None and pace.bytes_per_s is None:
        raise ValueError("it limits nothing; write messages_per_s or bytes_per_s below it")
    return pace


def _check(key: object, number: object) -> None:
    check_key(key, BOUNDS)
    least, most = BOUNDS[str(key)]
    form = f"write a number from {least:.15g} to {most:.15g}"
    if number is None and key != "burst_s":
        return
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise ValueError(f"{key}: {described(number)}; {form}")
    if not isfinite(number) or not least <= number <= most:
        raise ValueError(f"{key}: {shown(number)} is out of range; {form}")


PaceOrNone: TypeAlias = Annotated[Pace | None, PlainValidator(_pace), Field(description=FORM)]

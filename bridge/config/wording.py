"""Keys and values as a fault shows them: in YAML's spelling, on one line, cut short."""

import json
import reprlib
from typing import Final

MAX_SHOWN: Final = 60
"""Characters of a text; the reader has the file and must only recognise the value."""

SCALARS: Final = {
    bool: "a boolean",  # before int, its base class
    int: "a whole number",
    float: "a decimal number",
    str: "text",
}
CONTAINERS: Final = {"dict": "mapping"}


def quoted(text: str) -> str:
    """The text in double quotes, on one line."""
    return on_one_line(json.dumps(cut(text), ensure_ascii=False))


def cut(text: str) -> str:
    """As much of the text as is needed to recognise it."""
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."


def key_shown(key: object) -> str:
    """A key as it is, unless it would break the line."""
    text = str(key)
    return text if text.isprintable() else quoted(text)


def on_one_line(text: str) -> str:
    """The text; what would break the line, or cannot be seen, is escaped as YAML has it: `\\n`,
    `\\u2028`, which some take for the end of a line, or `\\u202e`, which turns it round."""
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in text
    )


def shown(value: object) -> str:
    """A scalar as YAML spells it; `described` tells what it is beside that."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return quoted(value)
        case float():
            return f"{value:.15g}"
        case _:
            return reprlib.repr(value)[:MAX_SHOWN]  # not all of what aliases make endless


def described(value: object) -> str:
    """What was found, as the first half of a fault: `"soon" is text`, `a list was given`."""
    if value is None:
        return "no value was given"
    for kind, scalar in SCALARS.items():
        if isinstance(value, kind):
            return f"{shown(value)} is {scalar}"
    name = type(value).__name__
    return f"a {CONTAINERS.get(name, name)} was given"

"""Numbers in queries: ASCII digits, each parameter at most once."""

import re
from typing import Final

from aiohttp import web

from bridge.errors import Problem

INTEGER: Final = re.compile(r"[0-9]+")
DECIMAL: Final = re.compile(r"[0-9]+(\.[0-9]+)?")
MAX_DIGITS: Final = 18
"""No number of ours gets so long. Longer ones all count as the first that is too big, since turning
thousands of digits into an integer takes its time."""


def integer(request: web.Request, name: str, *, least: int = 0) -> int | None:
    """The parameter as a whole number, `None` where it is absent. Raises `bad-parameter`."""
    text = once(request, name)
    if text is None:
        return None
    return parse_integer(name, text, least)


def parse_integer(name: str, text: str, least: int = 0) -> int:
    """A whole number of at least `least` in ASCII digits. Raises `bad-parameter`."""
    digits = (text.lstrip("0") or "0") if INTEGER.fullmatch(text) else ""
    number = int(digits or -1) if len(digits) <= MAX_DIGITS else 10**MAX_DIGITS
    if number < least:
        raise Problem("bad-parameter", f"{name} must be a whole number, {least} or above")
    return number


def seconds(request: web.Request, name: str, *, default: float, most: float) -> float:
    """The parameter as a number of seconds, capped at `most`. Raises `bad-parameter`."""
    text = once(request, name)
    if text is None:
        return min(default, most)
    if not DECIMAL.fullmatch(text):
        raise Problem("bad-parameter", f"{name} must be a number of seconds such as 5 or 2.5")
    return min(float(text), most)


def once(request: web.Request, name: str) -> str | None:
    """The parameter's text, `None` where it is absent. Raises `bad-parameter` if it is repeated."""
    values = request.query.getall(name, [])
    if len(values) > 1:
        raise Problem("bad-parameter", f"{name} is given more than once")
    return values[0] if values else None

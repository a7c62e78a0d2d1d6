"""The address of a bridge, as it is written on a command line."""

from typing import Final
from urllib.parse import urlsplit

FORM: Final = "write all of it, such as https://example.com/"


def checked_url(text: str) -> str:
    """The URL, which ends with a slash. Raises `ValueError` with the whole fault."""
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise ValueError(f"{text!a} is no address; {FORM}") from error
    if "://" not in text:
        raise ValueError(f"{text!a} does not begin with http:// or https://; {FORM}")
    if parts.scheme not in {"http", "https"} or not has_host or parts.query or parts.fragment:
        raise ValueError(f"{text!a} is not the address of a bridge; {FORM}")
    return text if text.endswith("/") else f"{text}/"

"""Which key was meant by one that nobody knows: what it is called here, or looks like."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Final

from bridge.config.wording import key_shown

CALLED_HERE: Final[Mapping[str, tuple[str, ...]]] = {
    "bind": ("listen",),
    "charset": ("encoding",),
    "cors": ("origins",),
    "format": ("messages",),
    "host": ("address", "listen"),
    "hostname": ("address", "listen"),
    "ip": ("address", "listen"),
    "name": ("aliases",),
    "password": ("auth",),
    "path": ("base_path",),
    "port": ("address", "listen"),
    "prefix": ("base_path",),
    "protocol": ("messages",),
    "server": ("address",),
    "ssl": ("tls",),
    "type": ("messages",),
    "url": ("address",),
    "users": ("auth",),
}
"""What other programs call a key, and whoever knows those writes first; the first that there is."""


def unknown_key(key: object, known: Collection[str]) -> str:
    """The fault of a key that is none of those: with the one that was meant, where that can be
    guessed, or else with all."""
    near = meant(str(key), known)
    right = f"did you mean {near}?" if near else f"write one of {', '.join(known)}"
    return f"unknown key; {right}"


def meant(key: str, known: Collection[str]) -> str | None:
    """The known key that was probably meant."""
    called = [name for name in CALLED_HERE.get(key.lower(), ()) if name in known]
    return next(iter(called or get_close_matches(key, known, n=1)), None)


def check_key(key: object, known: Collection[str]) -> None:
    """Raises `ValueError` with the whole fault for a key that is none of those."""
    if key not in known:
        raise ValueError(f"{key_shown(key)}: {unknown_key(key, known)}")

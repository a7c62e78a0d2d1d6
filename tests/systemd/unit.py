"""The unit that is shipped, as a table."""

from pathlib import Path
from typing import Final

from tests.support.bridge import REPOSITORY

FILE: Final = REPOSITORY / "systemd" / "xmlsocket-bridge.service"


def settings(file: Path = FILE) -> dict[str, str]:
    """Its keys, each of which stands there once, with their values."""
    pairs = [
        line.split("=", 1)
        for line in file.read_text().splitlines()
        if line and not line.startswith(("#", "["))
    ]
    found = dict(pairs)
    assert len(found) == len(pairs), pairs
    return found

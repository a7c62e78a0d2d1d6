"""The inputs that are worth trying again, as text that can be read and compared.

A file for each target, one input a line, in the form of URLs (RFC 3986): `%00` is a zero byte. The
shortest come first.
"""

from collections.abc import Iterable
from pathlib import Path
from string import punctuation
from typing import Final
from urllib.parse import quote_from_bytes, unquote_to_bytes

from tests.fuzz.target import target_named

FOLDER: Final = Path(__file__).parent / "corpus"
SAFE: Final = punctuation.translate({ord("%"): None, ord("="): None})
"""A line of nothing but `=` would look like what git leaves of a conflict."""


def inputs(target: str) -> list[bytes]:
    """All to begin with: the empty one, the target's examples, and what has been found."""
    return [b"", *target_named(target).examples, *read(target)]


def read(target: str, folder: Path = FOLDER) -> list[bytes]:
    """What has been found."""
    file = folder / f"{target}.txt"
    lines = file.read_text("ascii").splitlines() if file.exists() else []
    return [*map(unquote_to_bytes, lines)]


def write(target: str, found: Iterable[bytes], folder: Path = FOLDER) -> None:
    """Keep these in place of what was kept."""
    ordered = sorted(set(found) - {b""}, key=lambda data: (len(data), data))
    lines = (quote_from_bytes(data, safe=SAFE) + "\n" for data in ordered)
    (folder / f"{target}.txt").write_text("".join(lines), "ascii")


def unpack(found: Iterable[bytes], folder: Path) -> None:
    """Each as a file of its own, as libFuzzer wants them."""
    for number, data in enumerate(found):
        (folder / f"{number:05}").write_bytes(data)


def pack(folder: Path) -> list[bytes]:
    """What is in such a folder."""
    return [file.read_bytes() for file in sorted(folder.iterdir())]

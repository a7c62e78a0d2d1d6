"""Secrets of the configuration: written down, or where they stand, so that the file need not hold
them. What is wrong with one is told without it."""

import os
from pathlib import Path
from typing import Final

from bridge.config.wording import quoted

ENVIRONMENT: Final = "env:"
FILE: Final = "file:"
MAX_BYTES: Final = 1 << 16
"""Of a file: more than any token or key has, or the keys of an issuer."""


def read_secret(text: str, folder: Path) -> str:
    """What `env:NAME` or `file:PATH` stands for, without white space around it; any other text
    stands for itself. Paths begin at the folder. Raises `ValueError` with the whole fault."""
    if text.startswith(ENVIRONMENT):
        return _of_environment(text.removeprefix(ENVIRONMENT).strip())
    if text.startswith(FILE):
        return read_text(text, folder)
    return text


def read_text(text: str, folder: Path) -> str:
    """The file behind `file:PATH`, as `read_secret` has it."""
    path = folder / text.removeprefix(FILE).strip()
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise ValueError(f"{path} is longer than {MAX_BYTES} bytes; name another file")
        return data.decode().strip()
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}; name another file") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not UTF-8; name another file") from error


def _of_environment(name: str) -> str:
    try:
        return os.environ[name].strip()
    except (KeyError, ValueError) as error:
        raise ValueError(f"the environment has no variable {quoted(name)}; set it") from error

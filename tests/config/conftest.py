"""Fixtures for configurations that stand in a file, good ones and bad ones."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.config import ConfigError, load

Write = Callable[[str | bytes], Path]
Faults = Callable[[str | bytes | Path], list[str]]

DAEMONS = "daemons: {demo: {embedded: chat}}\n"
"""The least that a configuration needs."""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the text of a configuration and returns the file."""

    def write_file(text: str | bytes) -> Path:
        file = tmp_path / "config.yaml"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file

    return write_file


@pytest.fixture
def faults(write: Write) -> Faults:
    """The lines that a text, or a file, is refused with, without the file's name."""

    def refused(what: str | bytes | Path) -> list[str]:
        file = what if isinstance(what, Path) else write(what)
        with pytest.raises(ConfigError) as caught:
            load(file)
        lines = str(caught.value).splitlines()
        assert lines == list(caught.value.faults)
        assert all(line.startswith(f"{file}:") for line in lines)
        return [line.removeprefix(f"{file}:").lstrip() for line in lines]

    return refused

"""What a system under test is to the benchmark: a name and a command line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

REPOSITORY: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a system has to listen on loopback, which port its daemon has, and a folder for the
    files that it reads."""

    port: int
    daemon_port: int
    folder: Path


@dataclass(frozen=True, slots=True)
class Peer:
    """A system that can be started. `command` writes what the system reads and returns the command
    line, to be run in the repository's folder."""

    name: str
    command: Callable[[Place], Sequence[str]]

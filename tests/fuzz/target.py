"""The targets by name: each module in targets/ is one.

Its `check` takes any bytes and raises `AssertionError` where a promise is broken; any other
exception is a broken promise, too. Its `EXAMPLES` are what it begins with, its `WORDS` are what the
fuzzer may put in whole.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "targets"
NAMES: Final = tuple(sorted(file.stem for file in FOLDER.glob("[a-z]*.py")))


@dataclass(frozen=True, slots=True)
class Target:
    """What is tried, with which inputs first, and the words of its language."""

    check: Callable[[bytes], None]
    examples: tuple[bytes, ...]
    words: tuple[bytes, ...]


def target_named(name: str) -> Target:
    """Imports it, and with it what it tries."""
    module = import_module(f"tests.fuzz.targets.{name}")
    return Target(module.check, module.EXAMPLES, module.WORDS)

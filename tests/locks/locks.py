"""What is locked, and what would have to be."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

ENTRY: Final = re.compile(
    r"(?P<requirement>[^\s\\][^\\]*?)\s*\\\n(?P<hashes>(?:    --hash=\S+.*\n?)+)"
)
HASH: Final = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")


@dataclass(frozen=True, slots=True)
class Locked:
    """One release, and for which machines."""

    requirement: Requirement

    @property
    def name(self) -> NormalizedName:
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> Version:
        """The one that is allowed."""
        [only] = self.requirement.specifier
        assert only.operator == "=="
        return Version(only.version)

    @property
    def is_for_here(self) -> bool:
        """Whether it is installed on this machine."""
        marker = self.requirement.marker
        return marker is None or marker.evaluate()


def read_lock(text: str) -> list[Locked]:
    """Its releases. Raises `AssertionError` for a line that is neither a release nor a SHA-256."""
    found: list[Locked] = []
    rest = 0
    for entry in ENTRY.finditer(text):
        assert entry.start() == rest, text[rest : entry.start()]
        assert all(map(HASH.fullmatch, entry["hashes"].splitlines())), entry["requirement"]
        found.append(Locked(Requirement(entry["requirement"])))
        rest = entry.end()
    assert not text[rest:], text[rest:]
    return found


def requirements(pyproject: Path) -> dict[str, list[Requirement]]:
    """What is asked for: by the project, by each extra and group, and to build it."""
    document: dict[str, Any] = tomllib.loads(pyproject.read_text())
    project = document["project"]
    written = {
        "project": project["dependencies"],
        **project["optional-dependencies"],
        **document["dependency-groups"],
        "build-system": document["build-system"]["requires"],
    }
    return {kind: [*map(Requirement, lines)] for kind, lines in written.items()}


def unmet(asked: Iterable[Requirement], lock: Iterable[Locked]) -> Iterator[str]:
    """What of it the lock does not give to this machine."""
    versions = {locked.name: locked.version for locked in lock if locked.is_for_here}
    for requirement in asked:
        if not applies(requirement):
            continue
        version = versions.get(canonicalize_name(requirement.name))
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            yield f"{requirement} is locked as {version}; run make lock"


def applies(requirement: Requirement) -> bool:
    """Whether it is asked of this machine, without an extra of the package that asks."""
    return requirement.marker is None or requirement.marker.evaluate({"extra": ""})

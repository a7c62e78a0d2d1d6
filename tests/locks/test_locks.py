"""What make installs is locked, by hashes, and the locks are those of pyproject.toml."""

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement

from tests.locks.locks import Locked, read_lock, requirements, unmet
from tests.support.bridge import REPOSITORY

FOLDER: Final = REPOSITORY / "locks"
ASKED: Final = requirements(REPOSITORY / "pyproject.toml")
KINDS: Final = {"run": ["project", "build"], "compile": ["project", "build", "compile"]}
"""What stands in each lock besides `dev`, in which all stands."""

ENTRY: Final = "a==1.5 \\\n    --hash=sha256:" + "0" * 64 + "\n"


def lock(name: str) -> list[Locked]:
    return read_lock((FOLDER / f"{name}.txt").read_text())


@pytest.mark.parametrize("name", ["dev", "run", "compile"])
def test_all_that_pyproject_asks_for_is_locked(name: str) -> None:
    asked = [each for kind in KINDS.get(name, ASKED) for each in ASKED[kind]]
    assert list(unmet(asked, lock(name))) == []


def test_what_builds_the_package_is_what_is_locked_for_that() -> None:
    assert {*map(str, ASKED["build-system"])} <= {*map(str, ASKED["build"])}


@pytest.mark.parametrize("name", ["run", "compile"])
def test_all_locks_agree(name: str) -> None:
    everything = {str(locked.requirement) for locked in lock("dev")}
    versions = {entry.partition(" ;")[0].partition(";")[0] for entry in everything}
    assert {f"{each.name}=={each.version}" for each in lock(name)} <= versions


@pytest.mark.parametrize("name", ["dev", "run", "compile"])
def test_what_the_locked_packages_ask_for_is_locked_too(name: str) -> None:
    locked = [each for each in lock(name) if each.is_for_here]
    for each in locked:
        try:
            asked = distribution(each.name).requires or []
        except PackageNotFoundError:
            continue  # not needed for the tests
        assert list(unmet(map(Requirement, asked), locked)) == [], each.name


@pytest.mark.parametrize("file", sorted(FOLDER.iterdir()), ids=lambda file: file.name)
def test_a_lock_names_no_place_to_get_packages_from(file: Path) -> None:
    assert not re.search(r"://|index|find-links|trusted", file.read_text())


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("a", []),
        ("A>=1,<2", []),
        ("b; python_version < '3'", []),
        ("a[b]>=1", []),
        ("a>=2", ["a>=2 is locked as 1.5; run make lock"]),
        ("b", ["b is locked as None; run make lock"]),
    ],
)
def test_a_stale_lock_is_noticed(asked: str, told: list[str]) -> None:
    assert list(unmet([Requirement(asked)], read_lock(ENTRY))) == told


@pytest.mark.parametrize(
    "text",
    [
        "a==1.5\n",
        ENTRY + "b==2\n",
        "--index-url https://packages.example\n" + ENTRY,
        ENTRY.replace("sha256", "md5"),
        ENTRY.replace("==", ">="),
    ],
)
def test_what_is_not_locked_is_noticed(text: str) -> None:
    with pytest.raises((AssertionError, ValueError)):
        [locked.version for locked in read_lock(text)]

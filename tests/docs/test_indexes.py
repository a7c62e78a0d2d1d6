"""Lists of what there is, which leave nothing out and name nothing that is not there."""

import re
import subprocess
from typing import Final

import bridge
import bridge.config
from tests.support.bridge import REPOSITORY

DECISIONS: Final = REPOSITORY / "docs" / "decisions"
PACKAGE: Final = REPOSITORY / "bridge"


def test_every_decision_is_in_the_index_in_order() -> None:
    listed = re.findall(r"^- \[(\d+)\]\((\1-\S+\.md)\): \S", readme(), re.MULTILINE)
    files = sorted(path.name for path in DECISIONS.glob("[0-9]*.md"))
    assert [name for _, name in listed] == files


def readme() -> str:
    return (DECISIONS / "README.md").read_text()


def test_the_sketch_of_the_architecture_names_all_parts() -> None:
    assert bridge.__doc__ is not None
    layers = bridge.__doc__.partition("Below are the layers")[2]
    named = {
        name
        for names in re.findall(r"^    ([\w, ]+?)(?:  |$)", layers, re.MULTILINE)
        for name in names.split(", ")
    }
    files = [path for path in PACKAGE.glob("*/*") if path.name != "__pycache__"]
    folders = {file.parent.name for file in files if file.parent.name[0] != "_"}
    modules = {path.stem for path in PACKAGE.glob("*.py") if path.name[0] != "_"}
    assert folders | modules == named


def test_the_sketch_of_the_configuration_names_all_its_files() -> None:
    assert bridge.config.__doc__ is not None
    named = re.findall(r"^    (\w+)  ", bridge.config.__doc__, re.MULTILINE)
    files = {path.stem for path in PACKAGE.glob("config/*.py")} - {"__init__"}
    assert sorted(named) == sorted(files)


def test_the_table_of_make_has_straight_columns() -> None:
    told = subprocess.run(
        ["make", "--silent", "help"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    ).stdout
    columns = re.findall(r"^(make [\w-]+ +)\S", told, re.MULTILINE)
    assert len(columns) == told.count("\n")
    assert len({*map(len, columns)}) == 1, told

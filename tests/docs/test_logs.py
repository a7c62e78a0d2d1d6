"""docs/logs.md knows each line of the log that has fields, and how loud it is."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from tests.docs.test_tables import rows_of
from tests.support.bridge import REPOSITORY

LOGS: Final = REPOSITORY / "docs" / "logs.md"
OF_SESSIONS: Final = "_tell"
"""What `Story` calls for each line of a session's."""


def calls() -> Iterator[tuple[str, ast.Call]]:
    """All calls of methods in the bridge, by the method's name."""
    for path in REPOSITORY.glob("bridge/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield node.func.attr, node


def sentences(call: ast.Call) -> Iterator[str]:
    """What is written out among the arguments."""
    for argument in call.args:
        match argument:
            case ast.Constant(value=str(text)) if text != "%s":
                yield text


def lines_with_fields() -> dict[str, set[str]]:
    """The sentences that are logged together with fields, each with its levels."""
    levels = defaultdict[str, set[str]](set)
    for name, call in calls():
        has_fields = any(keyword.arg == "extra" for keyword in call.keywords)
        for text in sentences(call):
            if name == OF_SESSIONS:
                levels[text].add("info")
            elif has_fields:
                levels[text] |= {"info", "warning"} if name == "log" else {name}
    return dict(levels)


def test_each_line_with_fields_is_described_with_its_levels() -> None:
    rows = rows_of("line", "level", "when", "fields", document=LOGS)
    described = {row["line"]: set(row["level"].split(", ")) for row in rows}
    assert described == lines_with_fields()

"""The table as docs/security.md has it, below its last heading."""

from collections.abc import Iterator
from typing import Final

from tests.security.bad_input.table import TABLE
from tests.support.bridge import REPOSITORY

DOCUMENT: Final = REPOSITORY / "docs" / "security.md"
HEADING: Final = "## Bad input\n"
INTRODUCTION: Final = """\
{} kinds, each played to a running bridge. It gets what stands here, the daemon gets nothing, the
session beside it goes on, and the log has no traceback. A status without a code is that of a plain
answer, or of a request that is harmless and read as what it nearly is; `cut off` is a connection
that ends without an answer."""


def written() -> str:
    """What stands there."""
    return DOCUMENT.read_text().partition(HEADING)[2]


def write() -> None:
    """Lets it stand there."""
    DOCUMENT.write_text(DOCUMENT.read_text().partition(HEADING)[0] + HEADING + in_markdown())


def in_markdown() -> str:
    """What should stand there."""
    return "\n".join(["", *_lines(), ""])


def _lines() -> Iterator[str]:
    yield INTRODUCTION.format(sum(map(len, TABLE.values())))
    for group, rows in TABLE.items():
        yield from ("", f"| {group} | what it got |", "|---|---|")
        yield from (f"| {row.kind} | {row.got} |" for row in rows)

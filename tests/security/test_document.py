"""docs/security.md: each threat names tests, and each of those is there."""

import re

import pytest

from tests.security.bad_input.document import DOCUMENT
from tests.support.bridge import REPOSITORY

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
ROWS = re.compile(r"^\| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
ASKED_FOR = [
    *("hijacking", "SSRF", "rebinding", "smuggling", "fixation", "Guessing", "logs", "Referer"),
    *("Header injection", "Log injection", "Compression", "XML bombs", "Slow drip"),
    *("Floods of openings", "hostile daemon"),
]


def test_every_threat_is_closed_by_tests_that_are_there() -> None:
    threats, _, _ = DOCUMENT.read_text().partition("## Threats")[2].partition("\n## ")
    rows = ROWS.findall(threats)[1:]
    assert len(rows) >= len(ASKED_FOR)
    for threat, _, shown_by in rows:
        named = NAMED.findall(shown_by)
        assert named, threat
        assert [f"{file}::{name}" for file, name in named if not is_there(file, name)] == [], threat


@pytest.mark.parametrize("threat", ASKED_FOR)
def test_no_threat_is_left_out(threat: str) -> None:
    assert threat in "".join(row[0] for row in ROWS.findall(DOCUMENT.read_text()))


def is_there(file: str, name: str) -> bool:
    path = REPOSITORY / file
    return (
        path.exists()
        and re.search(rf"^(async )?def {name}\(", path.read_text(), re.MULTILINE) is not None
    )

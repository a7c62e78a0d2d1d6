"""Every link from one document to a file, or to a heading of a document, leads somewhere."""

import re
from pathlib import Path
from typing import Final

import pytest

from tests.support.bridge import REPOSITORY

LINK: Final = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")
HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)
DOCUMENTS: Final = sorted(
    str(path.relative_to(REPOSITORY))
    for pattern in ("*.md", "docs/**/*.md", "bridge/**/*.md")
    for path in REPOSITORY.glob(pattern)
)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_somewhere(name: str) -> None:
    document = REPOSITORY / name
    dead = [
        f"{path}#{heading}"
        for path, heading in LINK.findall(document.read_text())
        if not leads_somewhere(document.parent / path if path else document, heading)
    ]
    assert dead == []


def leads_somewhere(target: Path, heading: str) -> bool:
    if not target.exists():
        return False
    return not heading or heading in anchors(target)


def anchors(document: Path) -> set[str]:
    """As GitHub makes them of headings."""
    titles = HEADING.findall(document.read_text())
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_a_dead_link_is_noticed() -> None:
    assert LINK.findall("[a](b.md#c), [d](#e), [f](https://g.example/h.md)") == [
        ("b.md", "c"),
        ("", "e"),
    ]
    assert leads_somewhere(REPOSITORY / "README.md", "where-it-stands")
    assert not leads_somewhere(REPOSITORY / "README.md", "nowhere")
    assert not leads_somewhere(REPOSITORY / "none.md", "")

"""docs/benchmarks.md: only what stands between the marks is replaced."""

from pathlib import Path

import pytest

from bench.document import BEGIN, END, write
from tests.support.bridge import REPOSITORY


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page with old figures."""
    path = tmp_path / "page.md"
    path.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    return path


def test_what_stands_between_the_marks_is_replaced(page: Path) -> None:
    write(page, "new")
    assert page.read_text() == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"


def test_writing_twice_is_like_writing_once(page: Path) -> None:
    write(page, "new")
    once = page.read_text()
    write(page, "new")
    assert page.read_text() == once


def test_a_page_without_marks_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text("mine")
    with pytest.raises(SystemExit):
        write(path, "new")
    assert path.read_text() == "mine"


def test_the_projects_page_has_the_marks() -> None:
    text = (REPOSITORY / "docs" / "benchmarks.md").read_text()
    assert text.count(BEGIN) == text.count(END) == 1

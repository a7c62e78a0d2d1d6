"""The examples as texts: what is said of them is so."""

import re
from itertools import zip_longest

from tests.examples.conftest import EXAMPLES

MOST_LINES = 30

AS2_TYPE = re.compile(r":(?:XMLNode|XMLSocket|XML|String|Number|Boolean|Void|Chat)\b")


def test_every_example_is_listed() -> None:
    text = (EXAMPLES / "README.md").read_text()
    names = {f"({path.name}{'/' * path.is_dir()})" for path in EXAMPLES.iterdir()}
    assert [name for name in sorted(names - {"(README.md)"}) if name not in text] == []


def test_a_page_that_chats_takes_thirty_lines() -> None:
    assert len((EXAMPLES / "chat.html").read_text().splitlines()) <= MOST_LINES


def test_the_class_of_the_movie_is_ported_line_by_line() -> None:
    """But for types and words of the language, and for the calls of the XML classes."""
    pairs = zip_longest(*(lines_of(name) for name in ("Chat.as", "Chat.js")))
    different = [pair for pair in pairs if pair[0] != pair[1]]
    assert len(different) <= 12, different
    assert all(is_about_xml(*pair) for pair in different[1:-1]), different
    assert different[0][1].startswith("import { XMLSocket }"), different
    assert "_root.lines" in different[-1][0], different


def lines_of(name: str) -> list[str]:
    return [plain(line) for line in (EXAMPLES / "as2" / name).read_text().splitlines()]


def plain(line: str) -> str:
    """A line without what the two languages say differently."""
    words = AS2_TYPE.sub("", line)
    words = re.sub(r"\b(?:public|private) |\bfunction (?=\w)", "", words)
    words = re.sub(r"\b(?:var|const) (?=\w+ =)|\bvar (?=\w+;)", "", words)
    return re.sub(r"^( +)(?:Chat|constructor)\(", r"\1(", words)


def is_about_xml(before: str | None, after: str | None) -> bool:
    """Whether both are there, and the one makes or reads XML."""
    return bool(before and after and re.search(r"new XML\(\)|\.attributes\.", before))

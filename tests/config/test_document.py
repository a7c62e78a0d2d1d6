"""What is no YAML is told by line and column, what is no file by its name."""

from pathlib import Path

import pytest

from bridge.config import load
from bridge.config.document import read_document
from tests.config.conftest import Faults, Write

# What the file holds, and where and why it is no YAML that a configuration can have.
YAML_FAULTS = {
    "node: a\nnode: b\n": '2:1: the key "node" is given twice, first in line 1; keep one of them',
    "daemons:\n  a: {embedded: chat}\n  a: {}\n": (
        '3:3: the key "a" is given twice, first in line 2; keep one of them'
    ),
    "a: 1\n---\nb: 2": "2:1: expected a single document in the stream but found another document",
    "? [a]\n: b": "1:3: while constructing a mapping found unhashable key",
    "a: !!python/object/apply:os.getcwd []": "1:4: could not determine a constructor for the tag",
    "a: !!bool maybe": "1:4: the value does not fit its type; write a plain one",
    "a: " + "9" * 5000: "1:4: the value does not fit its type; write a plain one",
    "a: 0x" + "9" * 5000: "1:4: the value does not fit its type; write a plain one",
    r'a: "\ud800"': "1:4: the value does not fit its type; write a plain one",
    r'"\ud800": 1': "1:1: the value does not fit its type; write a plain one",
    "a: !!set text": "1:4: expected a mapping node, but found scalar",
    "a: !!int ''": "1:4: the value does not fit its type; write a plain one",
    "a: !!float ''": "1:4: the value does not fit its type; write a plain one",
    "a: 1" + ":0" * 200 + ".5": "1:4: the value does not fit its type; write a plain one",
    "a: 1\nb: \x07": "2:4: the character U+0007 is not allowed; remove it",
    "[" * 5000: "1:1: nested too deep; three levels are enough",
}  # fmt: skip

QUOTE_FAULT = "the quote that begins here does not end; write its end"
INDENT_FAULT = "indented unlike the lines beside it; begin it right below them"
ENDED_FAULT = "the value before this has ended; look for a quote that is missing or one too many"

# What people write: the place is that of the mistake, not that where it was noticed.
SLIPS = {
    "daemons:\n\ta: 1": "2:1: a tab; indent by spaces, not tabs",
    "node: a\n\tb": "2:1: a tab; indent by spaces, not tabs",
    "node:\ta": "1:6: a tab; write a space",
    "daemons:\n  a:\n    address: b\n   messages: xml": f"4:4: {INDENT_FAULT}",
    "daemons:\n  a:\n      embedded: chat\n    origins: []": f"4:5: {INDENT_FAULT}",
    "node: a\n  listen: b": f"2:3: {INDENT_FAULT}",
    "  node: a\nlisten: b": f"2:1: {INDENT_FAULT}",
    "origins:\n- a\n b: c": f"3:2: {INDENT_FAULT}",
    'node: "a\nlisten: b\n': f"1:7: {QUOTE_FAULT}",
    "wait_s: 1\nnode: 'a\nlisten: b\n": f"2:7: {QUOTE_FAULT}",
    'node: "a\nlisten: "c"': f"2:10: {ENDED_FAULT}",
    "node: 'it's'": f"1:11: {ENDED_FAULT}",
    r'schema: "C:\daemon.rng"': (
        r"1:13: \d means nothing within double quotes; write \\ for \, or single quotes"
    ),
    "node: a\nlisten: [": "2:10: the file ends within [ or {; write the ] or } that is missing",
    "hosts: [a, b\nnode: c": (
        "1:8: the bracket that begins here is not closed before line 2, column 5; "
        "write its end, or the comma or quote that is missing"
    ),
    "origins: *\n": '1:10: a text that begins with * needs quotes: "*"',
    "node: *all": (
        "1:7: found undefined alias 'all'; a text that begins with * needs quotes: \"*\""
    ),
    "node: @a": "1:7: a text that begins with @ needs quotes",
    "node: }": "1:7: a text that begins with } needs quotes",
    "%a: b": '1:1: a text that begins with % needs quotes: "%"',
    "wait_s: 1\nnode\n": "2:1: a line without a colon; write key: value",
    "origins: - a": (
        "1:10: a list begins in the line of its key; write [in, brackets], or below it"
    ),
    "node: a: b": "1:8: a second colon in one line; a text with a colon needs quotes",
    "daemons\n  demo: {embedded: chat}": (
        "2:3: the line above has no colon with a space behind it; write one"
    ),
    "node:a\nwait_s: 1": (
        "2:1: the line above has no colon with a space behind it; write one"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "fault"), SLIPS.items())
def test_a_common_slip_is_told_in_plain_words_where_it_was_made(
    faults: Faults, text: str, fault: str
) -> None:
    assert faults(text) == [fault]


@pytest.mark.parametrize("line_break", ["\r\n", "\r", "\x85", "\u2028"])
def test_whatever_ends_the_lines_the_place_is_the_same(faults: Faults, line_break: str) -> None:
    assert faults(f"node: a{line_break}  listen: b") == [f"2:3: {INDENT_FAULT}"]


@pytest.mark.parametrize(
    ("text", "fault"), YAML_FAULTS.items(), ids=[text[:40] for text in YAML_FAULTS]
)
def test_what_is_no_yaml_is_told_with_line_and_column(
    faults: Faults, text: str, fault: str
) -> None:
    [line] = faults(text)
    assert line.startswith(fault)


def test_a_date_is_text(write: Write) -> None:
    assert load(write("daemons: {2024-13-45: {embedded: chat}}")).daemons.keys() == {"2024-13-45"}


def test_a_file_that_is_not_utf8_is_refused(faults: Faults) -> None:
    assert faults(b"node: \xe9") == ["byte 7 is not UTF-8; save the file as UTF-8"]


def test_a_missing_file_is_told(faults: Faults, tmp_path: Path) -> None:
    assert faults(tmp_path / "absent.yaml") == [
        "No such file or directory; name the configuration with --config FILE"
    ]


def test_a_folder_is_no_file(faults: Faults, tmp_path: Path) -> None:
    assert faults(tmp_path) == ["Is a directory; name the configuration with --config FILE"]


def test_lines_that_merge_each_other_twice_make_no_more_than_they_say() -> None:
    lines = ["a0: &a0 {k: 1}"]
    lines += [f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 40)]
    document = read_document("\n".join(lines))
    assert isinstance(document, dict)
    assert document["a39"] == {"k": 1}

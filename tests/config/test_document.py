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
    "node: a\nlisten: [": "2:10: while parsing a flow node expected the node content",
    "daemons:\n\ta: 1": "2:1: while scanning for the next token found character '\\t'",
    "origins: *\n": "1:11: while scanning an alias expected alphabetic or numeric character",
    "node: *all": (
        "1:7: found undefined alias 'all'; a text that begins with * needs quotes: \"*\""
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

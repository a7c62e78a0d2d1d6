"""Worked examples in Markdown: what they run, and what they say comes of it.

A fenced `console` block holds lines of the form `$ command`, each followed by the output it has. In
the output, `...` stands for anything within a line, and as a line of its own for any lines.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

BLOCK: Final = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROMPT: Final = "$ "
ANYTHING: Final = "..."


@dataclass(frozen=True, slots=True)
class Example:
    """One command and the output it should have; `line` is the command's in its document."""

    line: int
    command: str
    output: str


def examples_in(markdown: str) -> Iterator[Example]:
    """All examples, in order. Raises `ValueError` for a block that does not begin with one."""
    for block in BLOCK.finditer(markdown):
        first = markdown.count("\n", 0, block.start(1)) + 1
        yield from _examples_in_block(block[1].splitlines(), first)


def _examples_in_block(lines: list[str], first: int) -> Iterator[Example]:
    starts = [index for index, line in enumerate(lines) if line.startswith(PROMPT)]
    if not starts or starts[0] != 0:
        raise ValueError(f"line {first}: a console block begins with a command behind {PROMPT!r}")
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        command, output = lines[start].removeprefix(PROMPT), lines[start + 1 : end]
        yield Example(first + start, command, "\n".join(output))


def matches(expected: str, output: str) -> bool:
    """Whether the output is the expected one; white space at the end of lines does not count, since
    it cannot be seen, nor do empty lines at the end of all."""
    pattern = "".join(_line_pattern(line) for line in _lines(expected))
    text = "".join(f"{line}\n" for line in _lines(output))
    return re.fullmatch(pattern, text) is not None


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().split("\n")]


def _line_pattern(line: str) -> str:
    if line == ANYTHING:
        return r"(?:.*\n)*"
    return ".*".join(map(re.escape, line.split(ANYTHING))) + r"\n"

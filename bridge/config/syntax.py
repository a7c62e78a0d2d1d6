"""What is wrong with a text that is no YAML, in the words of whoever writes one. PyYAML speaks of
tokens and blocks, and points to where it noticed, which may be far behind the mistake.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

import yaml

LINE_BREAK: Final = re.compile("[\r\n\x85\u2028\u2029]")
"""What ends a line of YAML 1.1 (section 4.2)."""
NO_TOKEN: Final = re.compile(r"found character '(.*)' that cannot start any token")
NO_VALUE: Final = re.compile(r"expected the node content, but found '([]},])'")
STRAY_COLON: Final = "mapping values are not allowed here"
LONE_WORD: Final = re.compile(r" *[\w-]+\s*")
UNKNOWN_ESCAPE: Final = re.compile(r"found unknown escape character '(.*)'")
SIGNS: Final = {"an alias": "*", "an anchor": "&", "a directive": "%"}
"""What begins each, by PyYAML's name for it."""


class Located(NamedTuple):
    """A fault and its place; `line` and `column` count from 1, as editors do."""

    line: int
    column: int
    fault: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """What PyYAML says: it found the `problem` at the `mark`, in the middle of the `context`, which
    began at `begun`."""

    context: str
    problem: str
    mark: yaml.Mark
    begun: yaml.Mark
    lines: list[str]

    @property
    def before(self) -> str:
        """What stands before the mark in its line."""
        return self.lines[-1]

    @property
    def above(self) -> str:
        """The line above it that is not empty, or an empty one."""
        return next((line for line in reversed(self.lines[:-1]) if line.strip()), "")

    @property
    def is_deeper(self) -> bool:
        """Whether the line begins further to the right than the one above it, which may be a key
        whose colon is missing: then it is as it should be."""
        is_below_key = LONE_WORD.fullmatch(self.above) or not self.above
        return not is_below_key and indent_of(self.before) > indent_of(self.above)

    def here(self, fault: str) -> Located:
        """A fault at the mark."""
        return Located(self.mark.line + 1, self.mark.column + 1, fault)

    def at_first_sign(self, fault: str) -> Located:
        """A fault of the whole line."""
        return Located(self.mark.line + 1, indent_of(self.before) + 1, fault)

    def where_it_began(self, fault: str) -> Located:
        """A fault of something that reaches as far as the mark."""
        return Located(self.begun.line + 1, self.begun.column + 1, fault)


Reading: TypeAlias = Callable[[Complaint], Located | None]
"""What a complaint means; `None` where it is about something else."""


def located(text: str, error: yaml.MarkedYAMLError) -> Located:
    """The fault of the text: in plain words where it is a common one, else in PyYAML's."""
    words = " ".join(part for part in (error.context, error.problem) if part)
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Located(1, 1, words)
    complaint = Complaint(
        error.context or "",
        error.problem or "",
        mark,
        error.context_mark or mark,
        LINE_BREAK.split(text[: mark.index]),
    )
    readings = (reading(complaint) for reading in READINGS)
    return next((found for found in readings if found is not None), complaint.here(words))


def indent_of(line: str) -> int:
    """How many spaces it begins with."""
    return len(line) - len(line.lstrip(" "))


def of_signs(told: Complaint) -> Located | None:
    """Characters that mean something else to YAML than to the writer."""
    found = NO_TOKEN.fullmatch(told.problem) or NO_VALUE.fullmatch(told.problem)
    if found and found[1] == r"\t":
        is_indent = not told.before.strip()
        right = "indent by spaces, not tabs" if is_indent else "write a space"
        return told.here(f"a tab; {right}")
    if found:
        return told.here(f"a text that begins with {found[1]} needs quotes")
    if told.problem.startswith("found undefined alias"):
        return told.here(f'{told.problem}; a text that begins with * needs quotes: "*"')
    sign = SIGNS.get(told.context.removeprefix("while scanning "))
    if sign is None:
        return None
    return told.where_it_began(f'a text that begins with {sign} needs quotes: "{sign}"')


def of_quotes(told: Complaint) -> Located | None:
    """Quotes that do not end, or not where they should."""
    if told.context == "while scanning a quoted scalar":
        return told.where_it_began("the quote that begins here does not end; write its end")
    if found := UNKNOWN_ESCAPE.fullmatch(told.problem):
        return told.here(
            rf"\{found[1]} means nothing within double quotes; write \\ for \, or single quotes"
        )
    if told.problem.startswith("expected <block end>") and told.before.strip(" -"):
        return told.here(
            "the value before this has ended; look for a quote that is missing or one too many"
        )
    return None


def of_brackets(told: Complaint) -> Located | None:
    """Lists and mappings in one line."""
    if "<stream end>" in told.problem and told.context == "while parsing a flow node":
        return told.here("the file ends within [ or {; write the ] or } that is missing")
    if told.context in ("while parsing a flow sequence", "while parsing a flow mapping"):
        place = f"line {told.mark.line + 1}, column {told.mark.column + 1}"
        return told.where_it_began(
            f"the bracket that begins here is not closed before {place}; write its end, or the "
            "comma or quote that is missing"
        )
    return None


def of_indentation(told: Complaint) -> Located | None:
    """Lines that begin elsewhere than those above them let them."""
    is_unlike = told.problem.startswith(("expected <block end>", "expected '<document start>'"))
    is_deeper = told.problem == STRAY_COLON and ":" not in told.before and told.is_deeper
    if is_unlike or is_deeper:
        return told.at_first_sign("indented unlike the lines beside it; begin it right below them")
    return None


def of_colons(told: Complaint) -> Located | None:
    """Lines that are not of the form `key: value`."""
    if told.problem == "could not find expected ':'":
        return told.where_it_began("a line without a colon; write key: value")
    if told.problem == "sequence entries are not allowed here":
        return told.here("a list begins in the line of its key; write [in, brackets], or below it")
    if told.problem != STRAY_COLON:
        return None
    if ":" in told.before:
        return told.here("a second colon in one line; a text with a colon needs quotes")
    return told.at_first_sign("the line above has no colon with a space behind it; write one")


READINGS: Final[tuple[Reading, ...]] = (
    *(of_signs, of_quotes, of_brackets),
    *(of_indentation, of_colons),
)

"""What the mutation tester changed, and which of its changes may go unnoticed.

A survivor is a mutant that no test notices. It must be listed, with the reason why it is harmless,
by function and changed lines: so the list outlives a new numbering, and what was listed for other
code does not count.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import yaml

HARMLESS: Final = Path(__file__).with_name("harmless.yaml")

ENOUGH_PERCENT: Final = 95


class Mutant(NamedTuple):
    """`place` is module and function, `diff` the lines taken out (-) and put in (+)."""

    place: str
    diff: str

    def __str__(self) -> str:
        """As harmless.yaml has it."""
        lines = "".join(f"\n        {line}" for line in self.diff.splitlines())
        return f"    - in: {self.place}\n      diff: |{lines}"


def from_mutmut(name: str, shown: str) -> Mutant:
    """A mutant by its name, `bridge.protocol.x_join__mutmut_2` say, and by what `mutmut show`
    prints of it: a comment, and a diff of the function."""
    module, _, function = name.rpartition("__mutmut_")[0].rpartition(".")
    place = function.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
    changes = [line for line in shown.splitlines() if line[:1] in ("-", "+")]
    # Each side is headed by a line with the file's name.
    lines = [line[0] + line[1:].strip() for line in changes[2:]]
    return Mutant(f"{module.rpartition('.')[2]}.{place}", "\n".join(lines))


def listed(text: str) -> dict[Mutant, str]:
    """The list of harmless mutants, each with its reason."""
    return {
        Mutant(mutant["in"], mutant["diff"].rstrip()): group["why"]
        for group in yaml.safe_load(text)
        for mutant in group["mutants"]
    }


@dataclass(frozen=True, slots=True)
class Judgement:
    """`unexplained` survivors are not listed; `outdated` mutants are, but do not survive."""

    total: int
    caught: int
    unexplained: Collection[Mutant]
    outdated: Collection[Mutant]

    @property
    def percent(self) -> float:
        """How many of the mutants are caught."""
        return 100 * self.caught / self.total

    @property
    def passes(self) -> bool:
        """Whether enough are caught, and the list says why the others are not."""
        return self.percent >= ENOUGH_PERCENT and not self.unexplained and not self.outdated

    def lines(self) -> Iterator[str]:
        """For people."""
        for complaint, mutants in (
            ("survived, and harmless.yaml does not say why", self.unexplained),
            ("in harmless.yaml, but caught or no longer made", self.outdated),
        ):
            if mutants:
                yield f"{complaint}:"
                yield from map(str, mutants)
        yield (
            f"{self.total} mutants, {self.caught} caught, {self.total - self.caught} survived: "
            f"{self.percent:.1f} % caught, {ENOUGH_PERCENT} % are needed"
        )


def judge(total: int, survivors: Collection[Mutant], harmless: Mapping[Mutant, str]) -> Judgement:
    """Hold the survivors of so many mutants against the list."""
    return Judgement(
        total,
        total - len(survivors),
        [mutant for mutant in survivors if mutant not in harmless],
        [mutant for mutant in harmless if mutant not in survivors],
    )

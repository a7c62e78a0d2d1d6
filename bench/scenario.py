"""One question to all contenders."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bench.contender import Contender, Lengths, Measure, Sample, Turn, sample
from bench.contenders import Variant, about
from bench.cores import Cores
from bench.outcome import Outcome, outcome_of
from bench.peers.bridge import BRIDGE, INTERPRETED
from bench.target import Target, Verdict

Announce = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Scenario:
    """`name` is what the command line calls it, `title` what it is about. The first contender is
    the one that the others are compared with."""

    name: str
    title: str
    measure: Measure
    contenders: Sequence[Contender]
    targets: Sequence[Target]

    def played(self, cores: Cores, lengths: Lengths, runs: int, announce: Announce) -> "Result":
        """Every contender once in each of the rounds, so that noise hits all alike, and each round
        begins with another one."""
        samples: dict[str, list[Sample]] = {each.name: [] for each in self.contenders}
        for run in range(runs):
            first = run % len(self.contenders)
            for contender in (*self.contenders[first:], *self.contenders[:first]):
                announce(f"{self.name}, round {run + 1} of {runs}: {contender.name}")
                taken = sample(self.measure, Turn(contender, cores, lengths))
                samples[contender.name].append(taken)
        return Result(self, {name: outcome_of(taken) for name, taken in samples.items()})


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a scenario; `outcomes` by the contenders' names, in their order."""

    scenario: Scenario
    outcomes: Mapping[str, Outcome]

    @property
    def verdicts(self) -> Sequence[Verdict]:
        """One for each target."""
        return [target.verdict(self.outcomes) for target in self.scenario.targets]

    def verdicts_about(self, variant: Variant) -> Sequence[Verdict]:
        """The same for a variant of the bridge, which the targets are not about."""
        return [about(variant, target).verdict(self.outcomes) for target in self.scenario.targets]

    @property
    def own_faults(self) -> Sequence[str]:
        """What this bridge did wrong."""
        return [
            f"{self.scenario.name}, {contender.name}: {outcome.fault}"
            for contender in self.scenario.contenders
            if contender.peer in (BRIDGE, INTERPRETED)
            and (outcome := self.outcomes[contender.name]).fault
        ]

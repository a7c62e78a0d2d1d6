"""Whether the bridge has grown slower: its processor time for each message, as a multiple of what a
bare forwarder takes for the same in the same round, against bounds that are kept with the code.

Rates and times by themselves say as much about the machine as about the bridge, above all where
others work too.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Final

import yaml

from bench.contender import Contender, Lengths, Turn
from bench.contenders import bridge, peer
from bench.cores import Cores
from bench.figure import Figure, rounded
from bench.measures import traffic
from bench.peers.forwarder import FORWARDER
from bench.scenarios import BATCH, LARGE, SINGLE

BOUNDS: Final = Path(__file__).with_name("bounds.yaml")
ROUNDS: Final = 5
LENGTHS: Final = Lengths(warm_up_s=0.1, measured_s=0.4)
GUARDED: Final[Mapping[str, Contender]] = {
    "ping-pong": bridge("plain", SINGLE, "interpreted"),
    "batch": bridge("plain", BATCH, "interpreted"),
    "batch v1": bridge("v1", BATCH, "interpreted"),
    "large": bridge("plain", LARGE, "interpreted"),
}


def measured(cores: Cores) -> Mapping[str, float]:
    """The median of the ratios of all rounds, by name; raises `Failure` where one gives none."""
    rounds = [
        {name: _ratio(guarded, cores) for name, guarded in GUARDED.items()} for _ in range(ROUNDS)
    ]
    return {name: median(ratios[name] for ratios in rounds) for name in GUARDED}


def bounds() -> Mapping[str, float]:
    """The most that each ratio may be, by name."""
    kept: dict[str, float] = yaml.safe_load(BOUNDS.read_text())
    return kept


def excesses(ratios: Mapping[str, float], most: Mapping[str, float]) -> Iterator[str]:
    """Says which ratios are above their bound; both have to have the same names."""
    if unequal := ratios.keys() ^ most.keys():
        yield f"measured or bounded, but not both: {', '.join(sorted(unequal))}"
    for name in ratios.keys() & most.keys():
        if ratios[name] > most[name]:
            yield f"{name}: {rounded(ratios[name])} is above the bound of {most[name]:g}"


def _ratio(guarded: Contender, cores: Cores) -> float:
    """Of one round: the bridge's processor time to the forwarder's."""
    limit = peer(FORWARDER, "tcp", guarded.work)
    own, least = (traffic(Turn(each, cores, LENGTHS))[Figure.CPU] for each in (guarded, limit))
    return own / least

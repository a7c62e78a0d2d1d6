"""What the doctor found, and what that means in plain words."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Final

WORDS: Final[Mapping[str, Mapping[str, str]]] = json.loads(
    files("bridge").joinpath("web/doctor/words.json").read_text()
)
"""By examination and outcome; the page reads the same file."""
TITLES: Final[Mapping[str, str]] = {
    "terms": "Bridge",
    "http": "Requests",
    "websocket": "WebSocket",
    "stream": "Streams",
    "quiet": "Silence",
    "client": "Client",
}
"""By examination; the page has the same, but needs none for what it concludes."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one examination, and the figures that its words speak of."""

    examination: str
    outcome: str
    figures: Mapping[str, float | str] = field(default_factory=dict)

    @property
    def works(self) -> bool:
        """Whether nothing is in the way."""
        return self.outcome == "works"

    @property
    def title(self) -> str:
        """What it is about."""
        return TITLES[self.examination]

    @property
    def in_words(self) -> str:
        """For people."""
        return WORDS[self.examination][self.outcome].format_map(self.figures)


def conclusion(findings: Iterable[Finding]) -> Finding:
    """What a client will use, going by the others."""
    works = {finding.examination for finding in findings if finding.works}
    if "websocket" in works:
        return Finding("client", "websocket")
    return Finding("client", "long-poll" if "http" in works else "nothing")

"""The worked examples of the documents: each is run as it stands, and answers as it stands there.

Commands go into one bash, in the order of the document, against a bridge of its own with the
configuration that is shipped. What cannot be run (installing, say) belongs into a block that is not
called `console`.
"""

from pathlib import Path
from typing import Final

import pytest
import yaml

from tests.docs.console import Example, examples_in, matches
from tests.docs.shell import Outcome, running_shell
from tests.support.bridge import REPOSITORY, RunningBridge, StartBridge

PROTOCOL: Final = REPOSITORY / "docs" / "protocol.md"
README: Final = REPOSITORY / "README.md"
POLICY: Final = REPOSITORY / "docs" / "policy.md"
AUTH: Final = REPOSITORY / "docs" / "auth.md"
DOCUMENTS: Final = [PROTOCOL, README, POLICY, AUTH]

WRITTEN_ADDRESS: Final = "127.0.0.1:8080"
"""What the examples call the bridge: the default of `listen`."""


@pytest.fixture
def bridge(start_bridge: StartBridge) -> RunningBridge:
    """A bridge that nobody has used, with the shipped configuration, on a free port."""
    config = yaml.safe_load((REPOSITORY / "config.yaml").read_text())
    assert config.pop("listen") == WRITTEN_ADDRESS
    return start_bridge(config)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
async def test_every_example_runs_and_answers_as_written(
    document: Path, bridge: RunningBridge, tmp_path: Path
) -> None:
    async with running_shell(tmp_path) as shell:
        for example in examples_of(document, bridge):
            outcome = await shell.run(example.command)
            assert is_as_written(example, outcome), report(document, example, outcome)


def test_the_protocol_has_an_example_for_each_transport() -> None:
    commands = "\n".join(example.command for example in examples_in(PROTOCOL.read_text()))
    paths = ["sessions", "$MESSAGES", "/events", "DELETE", "/exchange", "/websocket", "/raw"]
    assert not [path for path in paths if path not in commands]


def examples_of(document: Path, bridge: RunningBridge) -> list[Example]:
    """The document's examples, as they are for this bridge."""
    address = bridge.url.removeprefix("http://").rstrip("/")
    return list(examples_in(document.read_text().replace(WRITTEN_ADDRESS, address)))


def is_as_written(example: Example, outcome: Outcome) -> bool:
    return outcome.status == 0 and matches(example.output, outcome.output)


def report(document: Path, example: Example, outcome: Outcome) -> str:
    return (
        f"{document.name}, line {example.line}: $ {example.command}\n"
        f"--- as written\n{example.output}\n"
        f"--- as it is, exit status {outcome.status}\n{outcome.output}\n---"
    )

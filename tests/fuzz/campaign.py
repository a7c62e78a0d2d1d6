"""The engine for one target after another: run, and the corpus made small again."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.fuzz import corpus
from tests.fuzz.target import target_named

REPOSITORY: Final = Path(__file__).parents[2]
MOST_INPUT_BYTES: Final = 4096
HANG_S: Final = 60
"""What takes so long has no end; on a busy machine nothing else takes a second."""
MOST_MIB: Final = 2048

MOST_WORD_BYTES: Final = 64
"""libFuzzer's own limit."""
EXECUTIONS: Final = re.compile(r"stat::number_of_executed_units: ([0-9]+)")
ENDED: Final = "Done "


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one target: how often it was tried; the input that broke it with all that the
    engine said, or neither."""

    target: str
    executions: int
    broken_by: bytes | None
    said: str

    @property
    def is_sound(self) -> bool:
        """Whether the engine came to its end and nothing broke."""
        return self.broken_by is None and ENDED in self.said


def fuzz(target: str, inputs: Iterable[bytes], *limits: str) -> tuple[Outcome, list[bytes]]:
    """Try the target until one of libFuzzer's limits, `-runs` or `-max_total_time`. Returns what
    came of it, and all inputs that led somewhere new."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        kept, found = place / "kept", place / "found"
        for each in (kept, found):
            each.mkdir()
        corpus.unpack(inputs, kept)
        words = place / "words"
        words.write_text(dictionary(target))
        said = run_engine(target, *limits, f"-dict={words}", f"-artifact_prefix={found}/", kept)
        broken_by = next(iter(corpus.pack(found)), None)
        executed = EXECUTIONS.search(said)
        executions = int(executed[1]) if executed else 0
        return Outcome(target, executions, broken_by, said), corpus.pack(kept)


def smallest(target: str, inputs: Iterable[bytes]) -> list[bytes]:
    """The fewest of the inputs that come by all the places in the code that all of them come by."""
    with tempfile.TemporaryDirectory() as folder:
        everything, fewest = Path(folder) / "everything", Path(folder) / "fewest"
        for each in (everything, fewest):
            each.mkdir()
        corpus.unpack(inputs, everything)
        run_engine(target, "-set_cover_merge=1", fewest, everything)
        return corpus.pack(fewest)


def run_engine(target: str, *arguments: str | Path) -> str:
    """Everything it prints. The same each time, given the same seed and a number of runs."""
    command = [sys.executable, "-m", "tests.fuzz.engine", target, *map(str, arguments)]
    limits = [
        f"-timeout={HANG_S}",
        f"-rss_limit_mb={MOST_MIB}",
        f"-max_len={MOST_INPUT_BYTES}",
        "-print_final_stats=1",
    ]
    ran = subprocess.run(
        command + limits,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return ran.stdout.decode(errors="replace")


def dictionary(target: str) -> str:
    """The target's words as libFuzzer reads them."""
    words = [word for word in target_named(target).words if len(word) <= MOST_WORD_BYTES]
    return "".join('"' + "".join(f"\\x{byte:02X}" for byte in word) + '"\n' for word in words)

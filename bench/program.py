"""A program of load/: started on a core, spoken to by lines."""

import os
import select
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

from bench.cores import starting_on
from bench.failure import Failure

BUILT: Final = Path(__file__).parent / "load" / "build"
ANSWER_S: Final = 10.0


class Program:
    """Runs from its making until the end of the `with` statement."""

    def __init__(self, name: str, options: Sequence[object], core: int) -> None:
        """`name` is that of the program in `BUILT`."""
        self._name = name
        self._received = b""
        with starting_on(core):
            self._process = subprocess.Popen(
                [BUILT / name, *map(str, options)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        with self._process:
            pass

    def say(self, line: str) -> None:
        """Writes a line; raises `Failure` if the program has ended."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line.encode() + b"\n")
        except BrokenPipeError:
            raise self._ended() from None

    def say_no_more(self) -> None:
        """Ends its standard input."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    def line(self, within_s: float = ANSWER_S) -> str:
        """The next line that it writes; raises `Failure` if it ends or takes longer."""
        deadline = time.monotonic() + within_s
        while b"\n" not in self._received:
            self._receive(deadline)
        line, _, self._received = self._received.partition(b"\n")
        return line.decode()

    def words(self, first: str, within_s: float = ANSWER_S) -> list[str]:
        """The words of the next line after the first, which has to be this."""
        line = self.line(within_s)
        word, *rest = line.split()
        if word != first:
            raise Failure(f'the {self._name} said "{line}" where "{first}" was expected')
        return rest

    def _receive(self, deadline: float) -> None:
        assert self._process.stdout is not None
        left_s = max(0.0, deadline - time.monotonic())
        if not select.select([self._process.stdout], [], [], left_s)[0]:
            raise Failure(f"the {self._name} waited in vain")
        received = os.read(self._process.stdout.fileno(), 1 << 16)
        if not received:
            raise self._ended()
        self._received += received

    def _ended(self) -> Failure:
        return Failure(f"the {self._name} has ended with {self._process.wait(ANSWER_S)}")

"""The echoing daemon behind every system."""

from typing import Final

from bench.program import Program

# As many connections as a scenario opens may wait to be accepted.
BACKLOG: Final = 8192


class Daemon(Program):
    """Sends back all it receives, until the end of the `with` statement; `port` is where."""

    def __init__(self, core: int) -> None:
        super().__init__("daemon", ["--backlog", BACKLOG], core)
        self.port = int(self.line())

    def push(self, size_bytes: int) -> int:
        """Sends one message of this size to every connection; returns when it began, in nanoseconds
        of the monotonic clock."""
        self.say(f"push {size_bytes}")
        _, nanoseconds = self.words("pushed")
        return int(nanoseconds)

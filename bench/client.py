"""The load: so many clients that speak to a system, and what they report."""

import json
from dataclasses import dataclass
from typing import Final, Literal

from bench.failure import Failure
from bench.program import Program

Kind = Literal[
    "tcp",
    "plain",
    "plain-binary",
    "v1",
    "raw",
    "long-poll",
    "long-poll-combined",
    "event-stream",
    "engine.io",
]

OPENING_S: Final = 60.0
"""5,000 sessions of the slowest system."""


@dataclass(frozen=True, slots=True)
class Work:
    """What the load does: `clients` speak `kind`, of which `busy` (all of them if `None`) send
    `batch` messages of `size_bytes` and wait until these have come back, again and again. All of
    what comes back is compared with what was sent."""

    kind: Kind
    path: str = "/"
    clients: int = 100
    batch: int = 1
    size_bytes: int = 100
    busy: int | None = None

    def options(self, port: int) -> list[object]:
        """On the command line of load/build/client."""
        options: dict[str, object] = {
            "--to": f"127.0.0.1:{port}",
            "--speak": self.kind,
            "--path": self.path,
            "--clients": self.clients,
            "--batch": self.batch,
            "--size": self.size_bytes,
        }
        if self.busy is not None:
            options["--busy"] = self.busy
        return [word for option in options.items() for word in option]


@dataclass(frozen=True, slots=True)
class Report:
    """What the load measured in its time."""

    messages: float
    seconds: float
    p50_us: float
    p99_us: float


class Client(Program):
    """The load, from its start to the end of the `with` statement."""

    def __init__(self, work: Work, port: int, core: int, *options: object) -> None:
        super().__init__("client", [*work.options(port), *options], core)
        self._clients = work.clients

    def await_opened(self) -> None:
        """Returns once all clients are connected; raises `Failure`, with the first error, if some
        cannot be."""
        opened, _ = self.words("opened", OPENING_S)
        if int(opened) < self._clients:
            self.say_no_more()
            self._said(OPENING_S)
            raise Failure(f"opened {opened} of {self._clients} sessions")

    def received(self) -> int:
        """When the last client had the next pushed message, in nanoseconds of the monotonic clock
        (`--listen-only`)."""
        _, nanoseconds = self.words("all")
        return int(nanoseconds)

    def report(self, within_s: float) -> Report:
        """What it measured; raises `Failure` if anything did not come back as it was sent."""
        said = self._said(within_s)
        return Report(said["messages"], said["seconds"], said["p50_us"], said["p99_us"])

    def opens_per_s(self, within_s: float) -> float:
        """How many sessions it opened and closed in a second (`--opens`)."""
        return float(self._said(within_s)["opens_per_s"])

    def _said(self, within_s: float) -> dict[str, float]:
        said: dict[str, float] = json.loads(self.line(within_s))
        if said["errors"]:
            raise Failure(f"{said['errors']} errors, the first: {said.get('first_error')}")
        return said

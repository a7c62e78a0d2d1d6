"""The clocks of a bridge, moved by hours while it runs: it is started with libfaketime."""

import time
from pathlib import Path

LIBRARIES = "*/faketime/libfaketimeMT.so.1"


class FakedClock:
    """What a process takes for the time, in a file that it reads at each look.

    `environment` is what to start it with. Only the wall clock is moved, unless `moves_durations`:
    then the clock of event loops goes along, forward only, and a loop that waits notices when
    something comes.
    """

    def __init__(self, file: Path, *, moves_durations: bool = False) -> None:
        self._file = file
        self._hours = 0
        self.jump(0)
        # Debian keeps the library in a folder named for the processor.
        (library,) = Path("/usr/lib").glob(LIBRARIES)
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
        }
        if not moves_durations:
            self.environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1"

    @property
    def now(self) -> int:
        """What the process takes for the time, in seconds since the epoch."""
        return int(time.time()) + 3600 * self._hours

    def jump(self, hours: int) -> None:
        """From now on it is so far from the truth."""
        self._hours = hours
        self._file.write_text(f"{hours:+}h\n")

    def go_on(self, hours: int) -> None:
        """So many hours pass at once."""
        self.jump(self._hours + hours)

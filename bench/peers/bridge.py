"""This bridge, as its operator runs it. Only the port and the daemons are configured."""

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

import yaml

from bench.peers.peer import REPOSITORY, Peer, Place

MESSAGES: Final = ("text", "xml", "bytes")
"""The daemons: one for each sort of messages, named for it."""


COMPILED: Final = REPOSITORY / "build/compiled"
"""Where "make compile" puts it."""


def command(folder: Path, place: Place) -> Sequence[str]:
    """Serves one daemon under the name of each sort of messages, by the package in this folder."""
    address = f"127.0.0.1:{place.daemon_port}"
    config = {
        "listen": f"127.0.0.1:{place.port}",
        "daemons": {sort: {"address": address, "messages": sort} for sort in MESSAGES},
    }
    path = place.folder / "config.yaml"
    path.write_text(yaml.safe_dump(config))
    python = ["env", f"--chdir={folder}", sys.executable]
    return [*python, "-m", "bridge", "serve", "--config", str(path)]


BRIDGE: Final = Peer("bridge", partial(command, COMPILED))
INTERPRETED: Final = Peer("bridge interpreted", partial(command, REPOSITORY))

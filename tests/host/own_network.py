"""A network of a bridge's own: nothing but loopback, where few ports are to be had.

As a program it makes such a network of the namespace that it is started in, hands sockets that
listen there to the test, and becomes the bridge.
"""

import fcntl
import os
import socket
import struct
import sys
from pathlib import Path
from typing import Final, Self

N_PORTS: Final = 4
FEW_PORTS: Final = "40000 40003"
PORT_RANGE: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")
"""For IPv6, too."""
LISTENING: Final = (("127.0.0.1", 9339), ("127.0.0.1", 9340), ("::1", 9339))
SOURCES: Final = ["127.0.0.2", "127.0.0.3"]
SOURCES_6: Final = ["fd00::2", "fd00::3"]

# netdevice(7) and ipv6(7); of 127.0.0.0/8 loopback has every address by itself.
SET_FLAGS: Final = 0x8914
IS_UP: Final = 1
ADD_ADDRESS: Final = 0x8916


class OwnNetwork:
    """The test's side of it, while used as a context manager. A bridge is started there by the
    `prefix`; then `sockets` may be asked for."""

    def __init__(self, folder: Path) -> None:
        self._path = str(folder / "sockets")
        self._handing = socket.socket(socket.AF_UNIX)
        self._sockets: list[socket.socket] = []

    def __enter__(self) -> Self:
        self._handing.bind(self._path)
        self._handing.listen()
        return self

    def __exit__(self, *_: object) -> None:
        for sock in (self._handing, *self._sockets):
            sock.close()

    @property
    def prefix(self) -> list[str]:
        """Where the user is not root he is made to seem so: only the bridge's own network is
        changed."""
        as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        return ["unshare", *as_root, "--net", sys.executable, __file__, self._path]

    def sockets(self) -> list[socket.socket]:
        """Those of `LISTENING`."""
        with self._handing.accept()[0] as handing:
            _, descriptors, _, _ = socket.recv_fds(handing, 1, len(LISTENING))
        self._sockets = [socket.socket(fileno=descriptor) for descriptor in descriptors]
        for sock in self._sockets:
            sock.setblocking(False)
        return self._sockets


def make_network() -> None:
    """Turn loopback on, with its sources, and leave few ports."""
    with socket.socket() as sock:
        fcntl.ioctl(sock, SET_FLAGS, struct.pack("16sh22x", b"lo", IS_UP))
    with socket.socket(socket.AF_INET6) as sock:
        for source in SOURCES_6:
            where = struct.pack("Ii", 128, socket.if_nametoindex("lo"))
            address = socket.inet_pton(socket.AF_INET6, source)
            fcntl.ioctl(sock, ADD_ADDRESS, address + where)
    PORT_RANGE.write_text(FEW_PORTS)


def hand_sockets(path: str) -> None:
    """Who takes them may come later."""
    listening = []
    for address in LISTENING:
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        listening.append(socket.create_server(address, family=family))
    with socket.socket(socket.AF_UNIX) as handing:
        handing.connect(path)
        socket.send_fds(handing, [b"\0"], [sock.fileno() for sock in listening])


def main() -> None:
    """The path of the test's socket is followed by a command."""
    _, path, *command = sys.argv
    make_network()
    hand_sockets(path)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()

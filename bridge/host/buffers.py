"""What the kernel may hold of a TCP connection.

Left alone it grows the buffers of a fast connection to many megabytes, and a side that reads
nothing is then given all of them.
"""

import socket
from typing import Final

RECEIVED_BYTES: Final = 1 << 16
"""Not yet read by us, and in the air at a time: 6 MB/s over a line of 10 ms."""
UNSENT_BYTES: Final = 1 << 17
"""Not yet sent. What is in the air comes on top, and is as much as the peer has room for."""


def bound_buffers(sock: socket.socket) -> None:
    """Bound those of a connection, or of a listening socket all those that it accepts (tcp(7))."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVED_BYTES)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_BYTES)

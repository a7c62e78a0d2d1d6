"""The sockets on which clients are awaited."""

import asyncio
import errno
import socket
from pathlib import Path
from typing import Final

from bridge.config import HostPort, Listen, UnixPath
from bridge.host.buffers import bound_buffers

BACKLOG: Final = 1024
"""Connections that the kernel holds until they are accepted; the usual 128 turns a crowd away."""
UNIX_SOCKET_MODE: Final = 0o666
"""nginx runs as another user. Who may reach the socket is said by its folder's permissions."""
NOT_HERE: Final = frozenset({errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL})
"""What a host without IPv6 says of the `::1` that its `localhost` stands for."""


async def listen_on(listen: Listen) -> list[socket.socket]:
    """One socket for each address that is meant. Raises `OSError`."""
    match listen:
        case HostPort(host, port):
            return await _tcp_sockets(host, port)
        case UnixPath(path):
            return [_unix_socket(Path(path))]


async def _tcp_sockets(host: str, port: int) -> list[socket.socket]:
    found = await asyncio.get_running_loop().getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    sockets: list[socket.socket] = []
    missing: OSError | None = None
    for family, *_, address in dict.fromkeys(found):
        try:
            sockets.append(socket.create_server(address, family=family, backlog=BACKLOG))
            bound_buffers(sockets[-1])
        except OSError as error:
            missing = error
            if error.errno not in NOT_HERE:
                break
    else:
        if sockets:
            return sockets
    for bound in sockets:
        bound.close()
    raise missing or OSError(f"{host} has no address")


def _unix_socket(path: Path) -> socket.socket:
    """Takes the place of a file that an earlier bridge has left there."""
    if path.is_socket():
        path.unlink()
    listening = socket.socket(socket.AF_UNIX)
    try:
        listening.bind(str(path))
        path.chmod(UNIX_SOCKET_MODE)
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening

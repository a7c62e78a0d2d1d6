"""The sockets on which clients are awaited."""

import asyncio
import errno
import os
import socket
import stat
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
    raise missing or socket.gaierror(socket.EAI_NONAME, "it has no address")


def _unix_socket(path: Path) -> socket.socket:
    _vacate(path)
    listening = socket.socket(socket.AF_UNIX)
    try:
        listening.bind(str(path))
        path.chmod(UNIX_SOCKET_MODE)
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening


def _vacate(path: Path) -> None:
    """Remove the socket that an earlier bridge has left there, and nothing else. Raises `OSError`:
    `EADDRINUSE` where somebody listens, `EEXIST` for what is no socket."""
    try:
        kind = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(kind):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    if _is_listened_to(path):
        raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
    path.unlink()


def _is_listened_to(path: Path) -> bool:
    """Whether somebody accepts there, or would, were his queue not full. Raises `OSError`."""
    with socket.socket(socket.AF_UNIX) as caller:
        caller.setblocking(False)
        match caller.connect_ex(str(path)):
            case errno.ECONNREFUSED:
                return False
            case 0 | errno.EAGAIN:
                return True
            case number:
                raise OSError(number, os.strerror(number))

"""The socket of a connection to a daemon, where the event loop's own will not do: it comes from a
certain address, or something is said on it before anything else."""

import asyncio
import errno
import socket
import sys

from bridge.protocol.proxy_header import Endpoint, Version, proxy_header
from bridge.tunnel.client import Client
from bridge.tunnel.daemon.sources import Sources, ports_counted, telling


async def connected(address: str, port: int, sources: Sources | None) -> socket.socket:
    """Connect, from one of the sources if there are any. Raises `OSError`; `NoPortLeft` where one
    of them has none left, and no other can be used."""
    if sources is None:
        return await connected_from(None, address, port)
    failures: list[OSError] = []
    for source in sources.towards(address):
        try:
            return await connected_from(source, address, port)
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:
                raise
            sources.exhausted(source)
            failures.append(error)
    if not failures:
        fault = f"no source is of the same version of IP as {address}"
        raise OSError(errno.EAFNOSUPPORT, fault)
    raise telling(failures)


async def connected_from(source: str | None, address: str, port: int) -> socket.socket:
    """Connect, from this address if it is given. Raises `OSError`."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        if source is not None:
            bind(sock, source)
        await connect(sock, address, port, source)
    except BaseException:
        sock.close()
        raise
    return sock


def bind(sock: socket.socket, source: str) -> None:
    """Come from this address, with a port that is chosen when it is known where to: then two
    connections to different daemons may have the same."""
    if sys.platform == "linux":
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_BIND_ADDRESS_NO_PORT, 1)
    try:
        sock.bind((source, 0))
    except OSError as error:
        if error.errno != errno.EADDRNOTAVAIL:
            raise
        fault = f"the source {source} is no address of this machine"
        raise OSError(errno.EADDRNOTAVAIL, fault) from error


async def connect(sock: socket.socket, address: str, port: int, source: str | None) -> None:
    """Connect. Raises `OSError`; `NoPortLeft` where that is why."""
    with ports_counted(address, source):
        await asyncio.get_running_loop().sock_connect(sock, (address, port))


async def introduce(sock: socket.socket, client: Client, version: Version) -> None:
    """Tell the daemon whose connection it is. Raises `OSError`; then the socket is closed."""
    source = None if client.address is None else Endpoint(client.address, client.port)
    try:
        header = proxy_header(version, source, Endpoint(*sock.getpeername()[:2]))
        await asyncio.get_running_loop().sock_sendall(sock, header)
    except BaseException:
        sock.close()
        raise

"""A client whose way takes little at a time, so that answers wait in the bridge when it reads
nothing: the kernel's own buffers on loopback are megabytes otherwise."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from yarl import URL

from tests.support.deadline import within_deadline

SEGMENT_BYTES = 536
RECEIVED_BYTES = 2048


class NarrowClient:
    """Sends at once, and reads when it is told to."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._loop = asyncio.get_running_loop()

    async def send(self, data: bytes) -> None:
        async with within_deadline("room for a request"):
            await self._loop.sock_sendall(self._sock, data)

    async def hears(self, expected: bytes) -> None:
        """Reads until that has come, and little further."""
        received = b""
        async with within_deadline(f"{expected!r}"):
            while expected not in received:
                data = await self._loop.sock_recv(self._sock, 64)
                assert data, f"only {received!r} came"
                received += data

    async def all_there_is(self) -> bytes:
        """What comes until the bridge hangs up, in whatever way."""
        received = bytearray()
        async with within_deadline("the end of the connection"):
            try:
                while data := await self._loop.sock_recv(self._sock, 1 << 16):
                    received += data
            except ConnectionError:
                pass
        return bytes(received)


@asynccontextmanager
async def narrow_client(url: str) -> AsyncIterator[NarrowClient]:
    """One that is connected to the bridge at this URL."""
    target = URL(url)
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVED_BYTES)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT_BYTES)
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, (target.host, target.port))
        yield NarrowClient(sock)

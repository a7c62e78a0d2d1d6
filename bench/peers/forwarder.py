"""`python -m bench.peers.forwarder PORT DAEMON_PORT`: a bare TCP forwarder on uvloop, the limit for
a bridge in Python. It translates nothing and looks at nothing."""

import asyncio
import sys
from collections.abc import Sequence
from typing import Final, cast

import uvloop

from bench.peers.peer import Peer, Place


class Leg(asyncio.Protocol):
    """One of the two connections; what it receives goes to the `other`, once that stands."""

    def __init__(self, other: "Leg | None" = None) -> None:
        self.transport: asyncio.Transport
        self.other = other
        self.early = b""

    def data_received(self, data: bytes) -> None:
        if self.other:
            self.other.transport.write(data)
        else:
            self.early += data

    def pause_writing(self) -> None:
        if self.other:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        if self.other:
            self.other.transport.resume_reading()

    def connection_lost(self, _: Exception | None) -> None:
        if self.other:
            self.other.transport.close()


class DaemonLeg(Leg):
    """The connection to the daemon."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        assert self.other is not None
        self.other.other = self
        if self.other.transport.is_closing():
            self.transport.close()
        else:
            self.transport.write(self.other.early)


class ClientLeg(Leg):
    """A client's connection, which dials the daemon."""

    def __init__(self, daemon_port: int) -> None:
        super().__init__()
        self._daemon_port = daemon_port

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._dialling = asyncio.ensure_future(self._dial())

    async def _dial(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(lambda: DaemonLeg(self), "127.0.0.1", self._daemon_port)
        except OSError:
            self.transport.abort()


async def serve(port: int, daemon_port: int) -> None:
    """Runs until the process is ended."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: ClientLeg(daemon_port), "127.0.0.1", port, backlog=4096
    )
    await server.serve_forever()


def command(place: Place) -> Sequence[str]:
    """Runs this module."""
    ports = [str(place.port), str(place.daemon_port)]
    return [sys.executable, "-m", "bench.peers.forwarder", *ports]


FORWARDER: Final = Peer("uvloop forwarder", command)

if __name__ == "__main__":
    uvloop.run(serve(*map(int, sys.argv[1:])))

"""Every way in which a session opens and ends."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from tests.leaks.ends import V1, Bound, Combined, End, Exchange, OpenEnd, Poll, Stream
from tests.leaks.orders import LINE, LOG_BYTES, Orders
from tests.support import sockets
from tests.support.clients import Client
from tests.support.wire_peer import BINARY, TEXT, WirePeer

Run = Callable[[Client, Orders], Awaitable[str | None]]
E = TypeVar("E", bound=End)

CLIENT_CLOSED: Final = "client-closed"

BULK: Final = [LINE * 8] * 200
"""More than the bridge and the kernel hold for a daemon that reads nothing."""


@dataclass(frozen=True, slots=True)
class Way:
    """`run` goes it to its end, or leaves the rest to time, and returns the session's key where a
    client is told it. `code` is how the session ends; a `costly` way takes seconds or many bytes.
    """

    run: Run
    code: str
    costly: bool = False

    @property
    def is_up_to_time(self) -> bool:
        """Whether it ends because somebody was waited for."""
        return self.code == "abandoned" or self.code.startswith("slow") or self.costly


TRANSPORTS: Final[dict[str, OpenEnd]] = {
    "poll": Poll.open,
    "combined": Combined.open,
    "stream": Stream.open,
    "v1": V1.open,
    "attached": V1.attach,
    "plain": Bound.open_plain,
    "raw": Bound.open_raw,
    "exchange": Exchange.open,
}
RESUMABLE: Final = ("poll", "combined", "stream", "v1", "attached")

ORDERS: Final = {
    b"close": "daemon-closed",
    b"half-close": "daemon-closed",
    b"reset": "daemon-error",
    b"bad-encoding": "bad-encoding",
    b"message-too-big": "message-too-big",
}
"""What a daemon does, and the code that it means."""


def by_daemon(open_end: OpenEnd, order: bytes, code: str) -> Way:
    """The daemon ends it, as it is told."""

    async def run(client: Client, orders: Orders) -> str | None:
        end = await open_end(client)
        await end.send([order])
        await end.told()
        return end.key

    return Way(run, code)


def by_client(
    open_end: Callable[[Client], Awaitable[E]], act: Callable[[E], Awaitable[None]], code: str
) -> Way:
    """The client ends it, or leaves it to time."""

    async def run(client: Client, orders: Orders) -> str | None:
        end = await open_end(client)
        await act(end)
        return end.key

    return Way(run, code)


def slow_daemon(open_end: OpenEnd) -> Way:
    """The daemon reads nothing of what the client sends."""

    async def run(client: Client, orders: Orders) -> str | None:
        end = await open_end(client)
        await end.send([b"stall", *BULK])
        await end.told()
        return end.key

    return Way(run, "slow-daemon", costly=True)


def slow_client(open_end: Callable[[Client], Awaitable[Poll | Combined | Stream | V1]]) -> Way:
    """The daemon says more than the client acknowledges."""

    async def run(client: Client, orders: Orders) -> str | None:
        end = await open_end(client)
        await end.send([b"fill"])
        await end.lag()
        return end.key

    return Way(run, "slow-client")


def deaf_client(path: str, opcode: int) -> Way:
    """The client reads nothing, and acknowledging is not its business: all buffers fill up."""

    async def run(client: Client, orders: Orders) -> None:
        async with WirePeer.connected(client, path) as peer:
            peer.stop_reading()
            order = orders.numbered(b"flood")
            peer.send(opcode, order + b"\0")
            await (await orders.heard(order)).lost()

    return Way(run, "slow-client", costly=True)


def silent_client(path: str, code: str, *subprotocols: str) -> Way:
    """The client answers no ping: its machine is gone."""

    async def run(client: Client, orders: Orders) -> None:
        async with WirePeer.connected(client, path, subprotocols) as peer:
            while await peer.read_frame() is not None:
                pass

    return Way(run, code, costly=True)


async def vanish_from_exchange(client: Client, orders: Orders) -> None:
    """The client goes while it waits for replies."""
    end = await Exchange.open(client)
    order = orders.numbered(b"notice")
    await end.send([order])
    await orders.heard(order)
    await end.vanish()


async def delete_full_log(client: Client, orders: Orders) -> str | None:
    """The client ends it while it lags, and its daemon is not being read."""
    session = await client.open()
    await session.send(b"fill")
    await session.peek(LOG_BYTES // len(LINE) + 1)
    (await session.delete()).empty()
    return session.key


async def never_come_back(client: Client, orders: Orders) -> str | None:
    """Nothing follows the request that opens the session."""
    return (await client.open()).key


async def stay(client: Client, orders: Orders) -> list[End]:
    """A client of each transport that is there until the bridge stops."""
    ends: list[End] = []
    for open_end in TRANSPORTS.values():
        order = orders.numbered(b"notice")
        ends.append(await open_end(client))
        await ends[-1].send([order])
        await orders.heard(order)
    return ends


def ways() -> Iterator[tuple[str, Way]]:
    """All of them by name."""
    websocket, raw = "v1/daemons/chat/websocket", "v1/daemons/chat/raw"
    for name, open_end in TRANSPORTS.items():
        for order, code in ORDERS.items():
            if name != "raw" or code.startswith("daemon"):  # raw looks at no message
                yield f"{name}, {order.decode()}", by_daemon(open_end, order, code)
        yield f"{name}, slow daemon", slow_daemon(open_end)
        yield f"{name}, client closed", by_client(open_end, lambda end: end.close(), CLIENT_CLOSED)
        if name != "exchange":
            code = "abandoned" if name in RESUMABLE else CLIENT_CLOSED
            yield f"{name}, vanished", by_client(open_end, lambda end: end.vanish(), code)
    yield "exchange, vanished", Way(vanish_from_exchange, CLIENT_CLOSED)
    yield "poll, deleted with a full log", Way(delete_full_log, CLIENT_CLOSED)
    yield "never came back", Way(never_come_back, "abandoned")
    yield "v1, deleted", by_client(V1.open, V1.delete, CLIENT_CLOSED)
    for name, socket in {"v1": V1.open, "attached": V1.attach}.items():
        yield f"{name}, left", by_client(socket, V1.leave, "abandoned")
    yield "poll, slow client", slow_client(Poll.open)
    yield "combined, slow client", slow_client(Combined.open)
    yield "stream, slow client", slow_client(Stream.open)
    yield "v1, slow client", slow_client(V1.open)
    yield "plain, slow client", deaf_client(websocket, TEXT)
    yield "raw, slow client", deaf_client(raw, BINARY)
    yield "v1, silent", silent_client(websocket, "abandoned", sockets.V1)
    yield "plain, silent", silent_client(websocket, CLIENT_CLOSED)
    yield "raw, silent", silent_client(raw, CLIENT_CLOSED)

"""Every way in which a session does not open."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Final

from tests.support.answers import Answer
from tests.support.clients import Client
from tests.support.sockets import V1

Failure = Callable[[Client], Awaitable[None]]

UPGRADE: Final = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}

OPENINGS: Final[dict[str, tuple[str, str, dict[str, str]]]] = {
    "poll": ("POST", "sessions", {}),
    "exchange": ("POST", "exchange", {}),
    "v1": ("GET", "websocket", UPGRADE | {"Sec-WebSocket-Protocol": V1}),
    "plain": ("GET", "websocket", UPGRADE),
    "raw": ("GET", "raw", UPGRADE),
}
"""The request that opens a session, by transport: method, path below the daemon, headers."""


def refused(transport: str, daemon: str, status: int) -> Failure:
    """The bridge says why it opens nothing."""
    method, path, headers = OPENINGS[transport]

    async def run(client: Client) -> None:
        address = f"v1/daemons/{daemon}/{path}"
        answer = await client.request(method, address, headers=headers)
        answer.problem(status)

    return run


def given_up(transport: str, daemon: str) -> Failure:
    """The client goes before it has an answer."""
    method, path, headers = OPENINGS[transport]

    async def run(client: Client) -> None:
        url = client.address(f"v1/daemons/{daemon}/{path}")
        lines = [f"{method} {url.raw_path} HTTP/1.1", f"Host: {url.host}", "Content-Length: 0"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        _, writer = await asyncio.open_connection(url.host, url.port)
        writer.write("\r\n".join([*lines, "", ""]).encode())
        writer.close()
        await writer.wait_closed()

    return run


def bad_handshake(change: dict[str, str]) -> Failure:
    """What asks for an upgrade in a way that cannot be granted."""

    async def run(client: Client) -> None:
        answer = await client.handshake("v1/daemons/chat/websocket", headers=change)
        answer.problem(answer.status)

    return run


async def attach_to_nothing(client: Client) -> None:
    """There is no such session."""
    answer: Answer = await client.handshake("v1/sessions/a-none/websocket", [V1, "key.wrong"])
    answer.problem(404)


def failures() -> Iterator[tuple[str, Failure]]:
    """All of them by name. At `shaky` it is a race whether the session opens."""
    for transport in OPENINGS:
        yield f"{transport}, no such daemon", refused(transport, "nobody", 404)
        yield f"{transport}, refused", refused(transport, "dead", 502)
        yield f"{transport}, no answer", refused(transport, "silent", 504)
        yield f"{transport}, given up", given_up(transport, "silent")
        yield f"{transport}, given up in a race", given_up(transport, "shaky")
    yield "an old version", bad_handshake({"Sec-WebSocket-Version": "8"})
    yield "a short key", bad_handshake({"Sec-WebSocket-Key": "short"})
    yield "attached to nothing", attach_to_nothing

"""`python -m tests.flood.probe`: healthy sessions that time their round trips, in a process of
their own.

Writes the port of its own echoing daemon; reads the bridge's URL, and writes a line when the
sessions run. For each further line that it reads it writes the 99th percentile of the round trips
since the one before, in milliseconds.
"""

import asyncio
import sys
from typing import Final

from tests.support.clients import Client
from tests.support.daemon import ScriptedDaemon, listening_socket
from tests.support.deadline import Changes

SESSIONS: Final = 8
PAUSE_S: Final = 0.01
PART: Final = 0.99


async def main() -> None:
    """Runs until standard input ends."""
    with listening_socket() as listening:
        tell(listening.getsockname()[1])
        async with ScriptedDaemon(listening) as daemon, Client(await asked()) as client:
            daemon.echo()
            await measure(client)


async def measure(client: Client) -> None:
    """Times the round trips of a few sessions that are never idle for long."""
    trips_s: list[float] = []
    changes = Changes()
    loop = asyncio.get_running_loop()

    async def run() -> None:
        websocket = await client.websocket("v1/daemons/probe/websocket")
        while True:
            began_at = loop.time()
            await websocket.send("<ping/>")
            await websocket.recv()
            trips_s.append(loop.time() - began_at)
            changes.notify()
            await asyncio.sleep(PAUSE_S)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(run()) for _ in range(SESSIONS)]
        tell("running")
        while await asked():
            await changes.until(lambda: bool(trips_s), "a round trip")
            tell(sorted(trips_s)[int(len(trips_s) * PART)] * 1000)
            trips_s.clear()
        for task in tasks:
            task.cancel()


def tell(value: object) -> None:
    """Writes a line."""
    sys.stdout.write(f"{value}\n")
    sys.stdout.flush()


async def asked() -> str:
    """The next line, empty at the end."""
    line: str = await asyncio.to_thread(sys.stdin.readline)
    return line.strip()


if __name__ == "__main__":
    asyncio.run(main())

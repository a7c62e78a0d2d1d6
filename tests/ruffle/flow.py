"""A steady flow of numbered messages between a movie and its daemon, both ways."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from tests.ruffle.movie import Movie
from tests.support.daemon import DaemonConnection, ScriptedDaemon, framed
from tests.support.deadline import Changes

PERIOD_S: Final = 0.05


class Flow:
    """One message each way in a period, whatever becomes of them on the way."""

    def __init__(self, movie: Movie, connection: DaemonConnection) -> None:
        self.connection = connection
        self._movie = movie
        self._n_down = 0
        self._changes = Changes()
        self._tick()

    async def goes_on(self, periods: int) -> None:
        """Returns so many periods later."""
        last = self._n_down + periods
        await self._changes.until(lambda: self._n_down >= last, "the time to go on")

    async def arrives(self) -> None:
        """Ends it, and asserts that each message has come once and in order, either way, and that
        the movie was told of nothing else."""
        n_up = await self._movie.stop_saying()
        self.stop()
        up = framed(f"<up>{number}</up>".encode() for number in range(1, n_up + 1))
        assert await self.connection.received(len(up)) == up
        down = [f"<down>{number}</down>" for number in range(1, self._n_down + 1)]
        assert await self._movie.heard(len(down)) == down

    def stop(self) -> None:
        """No more messages from the daemon."""
        self._timer.cancel()

    def _tick(self) -> None:
        self._n_down += 1
        self.connection.say(f"<down>{self._n_down}</down>".encode())
        self._changes.notify()
        self._timer = asyncio.get_running_loop().call_later(PERIOD_S, self._tick)


@asynccontextmanager
async def flowing(
    movie: Movie, daemon: ScriptedDaemon, host: str, port: int
) -> AsyncIterator[Flow]:
    """The movie connects, and the flow begins."""
    await movie.connect(host, port)
    flow = Flow(movie, await daemon.accepted())
    try:
        await movie.say_every(int(PERIOD_S * 1000))
        yield flow
    finally:
        flow.stop()

"""Connections on which no request comes, or its head a byte at a time: they have so much time.

aiohttp looks after them as well, but as long as after one that is idle between two requests.
"""

import asyncio
from collections.abc import Callable

from aiohttp import web

from bridge.http.handler import Handler


class HeadTimeout:
    """Cuts off whoever has not sent the whole head of a first request within `timeout_s`."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._expected: dict[asyncio.BaseProtocol, asyncio.TimerHandle] = {}

    def running_in(
        self, make_protocol: Callable[[], web.RequestHandler]
    ) -> Callable[[], asyncio.Protocol]:
        """The same as `make_protocol`, but for the time that is running then."""
        loop = asyncio.get_running_loop()

        def make() -> asyncio.Protocol:
            protocol = make_protocol()
            self._expected[protocol] = loop.call_later(self._timeout_s, self._cut, protocol)
            return protocol

        return make

    @web.middleware
    async def note(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The middleware that runs before all others: a head has come."""
        timer = self._expected.pop(request.protocol, None)
        if timer is not None:
            timer.cancel()
        return await handler(request)

    def stop(self) -> None:
        """No more time runs: whoever is there is cut off by others."""
        for timer in self._expected.values():
            timer.cancel()
        self._expected.clear()

    def _cut(self, protocol: web.RequestHandler) -> None:
        del self._expected[protocol]
        if protocol.transport is not None:
            protocol.transport.abort()

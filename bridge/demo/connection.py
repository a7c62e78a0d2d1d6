"""One TCP connection: reads requests, writes replies, and ends where its bounds are crossed."""

import asyncio
from collections.abc import Callable
from typing import assert_never, cast

from bridge.demo import reply
from bridge.demo.framing import Framer
from bridge.demo.limits import ChatLimits
from bridge.demo.policy import policy_file
from bridge.demo.request import (
    Join,
    Ping,
    PolicyFileRequest,
    Request,
    RequestError,
    Say,
    Who,
    parse,
)
from bridge.demo.room import Room


class Connection(asyncio.Protocol):
    """A `Person` of the room from its first request on, or from `policy_grace_s` after connecting.

    Calls `on_lost` with itself once the connection is gone.
    """

    _transport: asyncio.Transport
    _grace: asyncio.TimerHandle

    def __init__(
        self, room: Room, limits: ChatLimits, on_lost: Callable[["Connection"], None]
    ) -> None:
        self._room = room
        self._limits = limits
        self._on_lost = on_lost
        self._framer = Framer(limits.max_message_bytes)
        self._has_entered = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = as_stream(transport)
        loop = asyncio.get_running_loop()
        self._grace = loop.call_later(self._limits.policy_grace_s, self._enter)

    def connection_lost(self, exc: Exception | None) -> None:
        self._grace.cancel()
        self._room.leave(self)
        self._on_lost(self)

    def data_received(self, data: bytes) -> None:
        for message in self._framer.feed(data):
            self._receive(message)

    def send(self, message: bytes) -> None:
        """Write a message. A client that reads too slowly to be worth the memory is dropped."""
        if self._transport.is_closing():
            return
        self._transport.write(message + b"\0")
        if self._transport.get_write_buffer_size() > self._limits.max_unsent_bytes:
            self._transport.abort()

    def close(self) -> None:
        """Close once what was sent has gone out, however long that takes; `abort` does not wait."""
        self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        self._transport.abort()

    def _receive(self, message: bytes | None) -> None:
        if message == b"" or self._transport.is_closing():
            return  # an empty message is a keep-alive, as with many old servers
        try:
            request = self._parse(message)
            if not isinstance(request, PolicyFileRequest):
                self._enter()
            self._answer(request)
        except RequestError as error:
            self._enter()
            self.send(reply.error(error.code, str(error)))

    def _parse(self, message: bytes | None) -> Request:
        if message is None:
            bound = self._limits.max_message_bytes
            raise RequestError("too-big", f"a message has at most {bound} bytes")
        return parse(message)

    def _enter(self) -> None:
        if not self._has_entered:
            self._has_entered = True
            self._grace.cancel()
            self._room.enter(self)

    def _answer(self, request: Request) -> None:
        match request:
            case Join(name):
                self._room.join(self, name)
            case Say(text):
                self._room.say(self, text)
            case Who():
                self._room.list_people(self)
            case Ping():
                self.send(reply.pong())
            case PolicyFileRequest():
                self._serve_policy()
            case _:
                assert_never(request)

    def _serve_policy(self) -> None:
        port = self._transport.get_extra_info("sockname")[1]
        self.send(policy_file(port))
        self.close()


class TurnedAway(asyncio.Protocol):
    """A connection for which there is no room: it is told so and closed."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        stream = as_stream(transport)
        stream.write(reply.error("full", "too many people are here, come back later") + b"\0")
        stream.close()


def as_stream(transport: asyncio.BaseTransport) -> asyncio.Transport:
    """The type of what a server's connections are given; a cast, since uvloop's transports have the
    methods but descend from no class of asyncio."""
    return cast(asyncio.Transport, transport)

"""A request's body says the same plain or compressed, however it comes; what is wrong with it is a
problem, and no more of it is held than was allowed."""

import asyncio
import gzip
from contextlib import aclosing
from itertools import takewhile
from typing import Final, NamedTuple

from aiohttp import StreamReader, web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.test_utils import make_mocked_request

from bridge.access.proxies import TrustedProxies
from bridge.config import Config
from bridge.errors import Problem
from bridge.http.client_address import PROXIES
from bridge.http.upload import Upload
from bridge.loop.turns import Turns
from bridge.protocol.checks import Guard
from bridge.protocol.framing import split
from bridge.tunnel.budget import Budget
from bridge.tunnel.held_bodies import HeldBodies
from tests.fuzz.dealt import Dealt, cut

LIMIT: Final = 30
MOST: Final = 200
CONFIG: Final = Config.model_validate(
    {"daemons": {"a": {"embedded": "chat"}}, "max_message_bytes": LIMIT, "max_body_bytes": MOST}
)
GUARD: Final = Guard("text", LIMIT)
WORDS: Final = (b"\0", b"a" * LIMIT + b"\0", b"a" * 31, b"\0" * 100, gzip.compress(b"a\0", mtime=0))
LOOP: Final = asyncio.new_event_loop()
EXAMPLES: Final = (
    b"\0\0a\0b\0",
    b"\2\1<a/>\0",
    b"\3\0" + b"a" * 40 + b"\0",
    b"\1\0" + b"a\0" * 120,
    b"\0\0a\0b",
)


class Came(NamedTuple):
    """The messages accepted, the code of the fault or problem, and whether it was a problem."""

    messages: list[bytes]
    code: str | None = None
    is_problem: bool = False


def check(data: bytes) -> None:
    dealt = Dealt(data)
    way, coding = dealt.number(), dealt.one_of(("identity", "gzip", "damaged"))
    body = dealt.rest()
    sent = gzip.compress(body, mtime=0) if coding == "gzip" else body
    came = LOOP.run_until_complete(read(cut(sent, way), coding))
    if coding == "damaged":
        assert sum(map(len, came.messages)) <= MOST
    else:
        assert came in expected(body)


async def read(chunks: list[bytes], coding: str) -> Came:
    """What the bridge makes of it. All that was held is given back."""
    budget, messages, code = Budget(1 << 20), [], None
    bodies = HeldBodies(budget, MOST)
    try:
        upload = Upload(request_with(chunks, coding), CONFIG, GUARD, bodies, Turns())
        async with aclosing(upload.parts()) as parts:
            async for part in parts:
                messages += split(part.batch)
                code = None if part.fault is None else part.fault.code
    except Problem as problem:
        return Came(messages, problem.code, is_problem=True)
    finally:
        assert budget.held_bytes == 0
    return Came(messages, code)


def request_with(chunks: list[bytes], coding: str) -> web.Request:
    """A POST whose body comes a chunk at a time."""
    protocol = BaseProtocol(LOOP)
    protocol.connection_made(asyncio.Transport())
    content = StreamReader(protocol, 1 << 16, loop=LOOP)
    coming = iter(chunks)

    def feed_next() -> None:
        chunk = next(coming, None)
        if chunk is None:
            content.feed_eof()
        else:
            content.feed_data(chunk)
            LOOP.call_soon(feed_next)

    LOOP.call_soon(feed_next)
    headers = {"Content-Encoding": "deflate" if coding == "damaged" else coding}
    app = web.Application()
    app[PROXIES] = TrustedProxies(())
    return make_mocked_request("POST", "/", headers, payload=content, app=app)


def expected(body: bytes) -> list[Came]:
    """What may be made of it. Of a body that is too long and has a message that is too big,
    whichever is seen first is told."""
    *complete, tail = body.split(b"\0")
    sound = list(takewhile(lambda message: len(message) <= LIMIT, complete))
    is_too_big = len(sound) < len(complete) or len(tail) > LIMIT
    may_be = [Came(sound, "message-too-big")] if is_too_big else []
    if len(body) > MOST:
        return [*may_be, Came([], "body-too-big", is_problem=True)]
    if tail:
        return [Came([], "unterminated", is_problem=True)]
    return may_be or [Came(sound)]

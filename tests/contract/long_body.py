"""A body of many parts, and the ways in which it may come."""

import asyncio
import json
from collections.abc import AsyncIterator

from tests.support.daemon import framed

MESSAGES = [b"%06d:" % number + b"x" * 16_376 for number in range(64)]
LONG = framed(MESSAGES)


async def in_two(begun: bytes, rest: bytes, go_on: asyncio.Event) -> AsyncIterator[bytes]:
    """A body of unknown length whose rest has to wait."""
    yield begun
    await go_on.wait()
    yield rest


async def in_pieces(body: bytes) -> AsyncIterator[bytes]:
    """A body of unknown length."""
    for start in range(0, len(body), 50_000):
        yield body[start : start + 50_000]


def as_json() -> str:
    """All messages in a JSON body."""
    return json.dumps({"messages": [message.decode() for message in MESSAGES]})

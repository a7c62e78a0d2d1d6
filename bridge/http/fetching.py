"""Getting a small document from a server that the configuration names."""

import asyncio
from typing import Final

import aiohttp

FETCH_S: Final = 10.0
MAX_BYTES: Final = 1 << 18
"""A JWK Set has a few KB; those with chains of certificates some dozens."""


async def fetch(url: str) -> bytes:
    """The body of its 200. No redirect is followed: the configuration names the place.

    Raises `OSError` for everything else, also when it takes longer than `FETCH_S` or is larger
    than `MAX_BYTES`.
    """
    try:
        async with asyncio.timeout(FETCH_S), aiohttp.ClientSession() as client:
            headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
            async with client.get(url, allow_redirects=False, headers=headers) as answer:
                if answer.status != 200:
                    raise OSError(f"the answer is {answer.status}")
                return await within(answer.content, MAX_BYTES)
    except aiohttp.ClientError as error:
        raise OSError(str(error)) from error
    except TimeoutError as error:
        raise OSError(f"no whole answer within {FETCH_S:g} s") from error


async def within(content: aiohttp.StreamReader, max_bytes: int) -> bytes:
    """All of it. Raises `OSError` as soon as it is too large."""
    data = bytearray()
    async for chunk in content.iter_any():
        data += chunk
        if len(data) > max_bytes:
            raise OSError(f"the answer is longer than {max_bytes} bytes")
    return bytes(data)

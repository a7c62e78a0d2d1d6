"""The keys that an issuer publishes at a URL: fetched again and again, the last good ones kept."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias

from bridge.auth.jwks import KeySet, read_key_set
from bridge.auth.jwt_keys import need_cryptography
from bridge.config.token_issuer import Algorithm

logger = logging.getLogger("bridge.auth")

Fetch: TypeAlias = Callable[[str], Awaitable[bytes]]
"""Gets what is at a URL, within bounds of time and size; raises `OSError`."""

REFRESH_S: Final = 600.0
"""Issuers publish a key hours before they sign by it."""
PROMPT_S: Final = 30.0
"""So long at least between two fetches, whatever tokens name: anybody can make up names."""


class PublishedKeys:
    """The newest good JWK Set of a URL; empty until there is one."""

    def __init__(self, algorithm: Algorithm, url: str) -> None:
        """Raises `ValueError` where the algorithm takes a package that is not there."""
        need_cryptography(algorithm)
        self._algorithm: Final = algorithm
        self._url = url
        self._keys = KeySet({})
        self._tried = asyncio.Event()
        self._wanted = asyncio.Event()

    def find(self, kid: str | None) -> Any | None:
        """The key of this name. One that is not known makes the next fetch come sooner."""
        key = self._keys.find(kid)
        if key is None:
            self._wanted.set()
        return key

    async def tried(self) -> None:
        """Return after the first fetch, whatever came of it."""
        await self._tried.wait()

    async def run(self, fetch: Fetch) -> None:
        """Fetch the set now, and keep it fresh until cancelled."""
        while True:
            await self._refresh(fetch)
            self._tried.set()
            self._wanted.clear()
            await asyncio.sleep(PROMPT_S)
            try:
                async with asyncio.timeout(REFRESH_S - PROMPT_S):
                    await self._wanted.wait()
            except TimeoutError:
                pass

    async def _refresh(self, fetch: Fetch) -> None:
        try:
            self._keys = read_key_set(self._algorithm, await fetch(self._url))
        except (OSError, ValueError) as error:
            story = {"url": self._url, "reason": str(error)}
            logger.warning("the keys of an issuer stay as they are", extra={"fields": story})

"""The methods that an address does not have (RFC 9110 section 15.5.6)."""

from collections.abc import Collection
from contextlib import suppress
from typing import NoReturn

from aiohttp import web

from bridge.errors import Problem
from bridge.http.gate import Gate


class OtherMethods:
    """All but those that `allowed` names."""

    def __init__(self, gate: Gate, allowed: Collection[str]) -> None:
        self._gate = gate
        self._allowed = allowed

    async def refuse(self, request: web.Request) -> NoReturn:
        """Raises 405; who owns the session is told how much of it is accepted all the same."""
        if "id" in request.match_info:
            with suppress(Problem):
                self._gate.session(request)
        raise web.HTTPMethodNotAllowed(request.method, self._allowed)

"""CORS preflights: answered from the configured origins, without looking up a session."""

from typing import Final

from aiohttp import web

from bridge.http.answer import Answer
from bridge.http.gate import Gate

ALLOWED_HEADERS: Final = (
    "Accept, Authorization, Cache-Control, Content-Type, Last-Event-ID, XMLSocket-Key"
)
ALLOWED_METHODS: Final = "GET, POST, DELETE"
MAX_AGE_S: Final = 600
"""Chromium keeps no preflight longer than two hours; ten minutes let a changed config through."""


class Preflight:
    """`OPTIONS` on every address of the contract."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def answer(self, request: web.Request) -> Answer:
        """204 with what an allowed origin may do, or `origin-denied`. Where the daemon or session
        is not known that is told by the answer to the request itself, which a page may read."""
        self._gate.check_origin(request, self._gate.daemon_meant(request))
        headers = {
            "Access-Control-Allow-Methods": ALLOWED_METHODS,
            "Access-Control-Allow-Headers": ALLOWED_HEADERS,
            "Access-Control-Max-Age": str(MAX_AGE_S),
        }
        return Answer(204, headers=headers)

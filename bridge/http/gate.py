"""The gate every request passes: which daemon or session it means, and whether it may.

What it finds is written on the request, so that the answer, a problem included, carries the right
headers: `XMLSocket-Ack` for the session's owner, and CORS for an allowed origin.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from aiohttp import web

from bridge.access.origins import Origins, is_own
from bridge.errors import Problem
from bridge.protocol.handshake import key_offered, tokens
from bridge.tunnel.directory import Daemon, Directory
from bridge.tunnel.registry import Registry
from bridge.tunnel.session import Session

OWNED_SESSION: Final = web.RequestKey("session", Session)
ORIGIN_ALLOWED: Final = web.RequestKey("origin_allowed", bool)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

BEARER: Final = "bearer "


class Gate:
    """Finds what a request names, and refuses what it may not have."""

    def __init__(self, directory: Directory, registry: Registry, origins: Origins) -> None:
        self.directory: Final = directory
        self.registry: Final = registry
        self._origins = origins

    @web.middleware
    async def note_any_origin(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The middleware that runs first. Until a daemon is known, an origin counts as allowed if
        any daemon allows it."""
        self.note_origin(request, None)
        return await handler(request)

    def daemon(self, request: web.Request) -> Daemon:
        """The daemon in the path. Raises `unknown-daemon` or `origin-denied`."""
        daemon = self.directory.find(request.match_info["daemon"])
        self._check_origin(request, daemon)
        return daemon

    def session(self, request: web.Request, *, key_in_query: bool = False) -> Session:
        """The session in the path, if the request proves its key.

        Raises `unknown-session` or `origin-denied`.
        """
        key = key_given(request, key_in_query=key_in_query)
        session = self.registry.find(request.match_info["id"], key)
        request[OWNED_SESSION] = session
        self._check_origin(request, session.daemon)
        return session

    def note_origin(self, request: web.Request, daemon: str | None) -> bool:
        """Whether the request's `Origin` may reach the daemon (`None`: any); remember that."""
        allowed = self.allows(request, daemon)
        request[ORIGIN_ALLOWED] = allowed
        return allowed

    def allows(self, request: web.Request, daemon: str | None) -> bool:
        """Whether the request's `Origin`, if it has one, may reach the daemon (`None`: any)."""
        origin = request.headers.get("Origin")
        if origin is None:
            return True
        proto = request.headers.get("X-Forwarded-Proto")
        return is_own(origin, request.host, proto) or self._origins.allow(origin, daemon)

    def _check_origin(self, request: web.Request, daemon: Daemon) -> None:
        if not self.note_origin(request, daemon.name):
            raise Problem("origin-denied", f"pages of this origin may not reach {daemon.name}")


def key_given(request: web.Request, *, key_in_query: bool = False) -> str | None:
    """The session key of a request: a header of its own, a WebSocket subprotocol, or, where the
    client can set neither (EventSource), the query; `Authorization` last, which may be somebody
    else's."""
    headers: Mapping[str, str] = request.headers
    if "XMLSocket-Key" in headers:
        return headers["XMLSocket-Key"].strip()
    key = key_offered(subprotocols(request))
    if key is None and key_in_query:
        key = request.query.get("key")
    authorization = headers.get("Authorization", "").strip()
    if key is None and authorization.lower().startswith(BEARER):
        key = authorization[len(BEARER) :].strip()
    return key


def subprotocols(request: web.Request) -> list[str]:
    """What a WebSocket client offers, over all its header lines."""
    return tokens(",".join(request.headers.getall("Sec-WebSocket-Protocol", [])))

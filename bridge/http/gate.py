"""The gate every request passes: which daemon or session it means, and whether it may.

What it finds is written on the request, so that the answer, a problem included, carries the right
headers: `XMLSocket-Ack` for the session's owner, and CORS for an allowed origin.
"""

import contextlib
from typing import Final

from aiohttp import web

from bridge.access.access import Access
from bridge.auth.authentication import Authentication
from bridge.auth.identity import Shown
from bridge.errors import Problem
from bridge.http.credentials import IDENTITY, key_given, token_given
from bridge.http.handler import Handler
from bridge.http.origin import Denied, page_of
from bridge.http.parameters import once
from bridge.http.user_header import user_handed_on
from bridge.tunnel.directory import Daemon, Directory
from bridge.tunnel.registry import Registry
from bridge.tunnel.session import Session

OWNED_SESSION: Final = web.RequestKey("session", Session)
ORIGIN_ALLOWED: Final = web.RequestKey("origin_allowed", bool)


class Gate:
    """Finds what a request names, and refuses what it may not have."""

    def __init__(
        self,
        directory: Directory,
        registry: Registry,
        access: Access,
        authentication: Authentication,
    ) -> None:
        self.directory: Final = directory
        self.registry: Final = registry
        self._access = access
        self._authentication = authentication

    @web.middleware
    async def note_any_origin(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The middleware that runs first. Until a daemon is known, an origin counts as allowed if
        any daemon allows it; policies that could let it in are waited for."""
        if "Origin" in request.headers:
            await self._access.settled(page_of(request), self.daemon_meant(request))
            self._note_origin(request, None)
        return await handler(request)

    def daemon(self, request: web.Request) -> Daemon:
        """The daemon in the path, for an opening; who opens is on the request then.

        Raises `unknown-daemon`, `origin-denied`, `bad-parameter`, `unauthenticated` or
        `not-allowed`.
        """
        daemon = self.directory.find(request.match_info["daemon"])
        self.check_origin(request, daemon.name)
        identity = self._authentication.identify(self._shown(request, daemon), daemon.name)
        if identity is not None:
            request[IDENTITY] = identity
        return daemon

    def _shown(self, request: web.Request, daemon: Daemon) -> Shown:
        header = self._authentication.user_header(daemon.name)
        user = user_handed_on(request, header)
        return Shown(token_given(request), once(request, "ticket"), user)

    def session(self, request: web.Request, *, key_in_query: bool = False) -> Session:
        """The session in the path, if the request proves its key.

        Raises `unknown-session`, `bad-parameter` or `origin-denied`.
        """
        key = key_given(request, key_in_query=key_in_query)
        session = self.registry.find(request.match_info["id"], key)
        request[OWNED_SESSION] = session
        self.check_origin(request, session.daemon.name)
        return session

    def _note_origin(self, request: web.Request, daemon: str | None) -> bool:
        allowed = self.allows(request, daemon)
        request[ORIGIN_ALLOWED] = allowed
        return allowed

    def allows(self, request: web.Request, daemon: str | None) -> bool:
        """Whether the page that asks, if it is one, may reach the daemon (`None`: any)."""
        return self._access.allows(page_of(request), daemon)

    def check_origin(self, request: web.Request, daemon: str | None) -> None:
        """Remember whether the request's `Origin` may reach the daemon (`None`: any). Raises
        `origin-denied` if it may not."""
        if self._note_origin(request, daemon):
            return
        page = page_of(request)
        who = "requests without an Origin" if page.origin is None else "pages of this origin"
        where = "any daemon" if daemon is None else daemon
        cause = Denied(self._access.decide(page, daemon).rule)
        raise Problem("origin-denied", f"{who} may not reach {where}") from cause

    def daemon_meant(self, request: web.Request) -> str | None:
        """The daemon in the path, or the one of the session there, if there is such a one. For a
        preflight no session is looked up, whatever key its query has."""
        path = request.match_info
        with contextlib.suppress(Problem):  # the handler will raise it, too
            if "daemon" in path:
                return self.directory.find(path["daemon"]).name
            if "id" in path and request.method != "OPTIONS":
                key = key_given(request, key_in_query=True)
                return self.registry.find(path["id"], key).daemon.name
        return None

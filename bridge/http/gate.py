"""The gate every request passes: which daemon or session it means, and whether it may.

What it finds is written on the request, so that the answer, a problem included, carries the right
headers: `XMLSocket-Ack` for the session's owner, and CORS for an allowed origin.
"""

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from aiohttp import web

from bridge.access.access import Access
from bridge.access.hosts import Hosts
from bridge.access.origins import Page
from bridge.auth.authentication import Authentication
from bridge.auth.identity import Shown
from bridge.errors import Problem
from bridge.http.client_address import is_vouched_for
from bridge.http.credentials import IDENTITY, bearer_given, token_given
from bridge.http.parameters import once
from bridge.http.user_header import user_handed_on
from bridge.protocol.handshake import key_offered, tokens
from bridge.tunnel.directory import Daemon, Directory
from bridge.tunnel.registry import Registry
from bridge.tunnel.session import Session

OWNED_SESSION: Final = web.RequestKey("session", Session)
ORIGIN_ALLOWED: Final = web.RequestKey("origin_allowed", bool)
HOSTS: Final = web.AppKey("hosts", Hosts)
"""The names under which the bridge is reached: to be set on the application."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Denied(Exception):
    """The rule by which a page was refused: the cause of `origin-denied`, for the log alone."""


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
            self.note_origin(request, None)
        return await handler(request)

    def daemon(self, request: web.Request) -> Daemon:
        """The daemon in the path, for an opening; who opens is on the request then.

        Raises `unknown-daemon`, `origin-denied`, `bad-parameter`, `unauthenticated` or
        `not-allowed`.
        """
        daemon = self.directory.find(request.match_info["daemon"])
        self._check_origin(request, daemon)
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
        self._check_origin(request, session.daemon)
        return session

    def note_origin(self, request: web.Request, daemon: str | None) -> bool:
        """Whether the request's `Origin` may reach the daemon (`None`: any); remember that."""
        allowed = self.allows(request, daemon)
        request[ORIGIN_ALLOWED] = allowed
        return allowed

    def allows(self, request: web.Request, daemon: str | None) -> bool:
        """Whether the page that asks, if it is one, may reach the daemon (`None`: any)."""
        return self._access.allows(page_of(request), daemon)

    def _check_origin(self, request: web.Request, daemon: Daemon) -> None:
        if self.note_origin(request, daemon.name):
            return
        page = page_of(request)
        who = "requests without an Origin" if page.origin is None else "pages of this origin"
        cause = Denied(self._access.decide(page, daemon.name).rule)
        raise Problem("origin-denied", f"{who} may not reach {daemon.name}") from cause

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


@web.middleware
async def check_host(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The middleware that lets nobody in by a name that is not the bridge's. Raises `Problem`
    `unknown-host`."""
    host = request.headers.get("Host")
    if not request.app[HOSTS].admits(host):
        cause = Denied(f"{host!a:.300} is not among hosts")
        raise Problem("unknown-host", "the bridge has no such name") from cause
    return await handler(request)


def page_of(request: web.Request) -> Page:
    """The page that a request comes from, as its headers have it. Several lines of `Origin` are
    together what is no origin."""
    headers = request.headers
    hosts, host = request.app[HOSTS], headers.get("Host")
    return Page(
        origin=", ".join(headers.getall("Origin")) if "Origin" in headers else None,
        host=host,
        forwarded_proto=headers.get("X-Forwarded-Proto"),
        says_same_origin=headers.get("Sec-Fetch-Site") == "same-origin",
        host_is_known=hosts.vouches_for(host, over_tls=came_over_tls(request)),
    )


def came_over_tls(request: web.Request) -> bool:
    """Whether a trusted proxy says so. From anybody else it is no proof: a page may send the header
    if only its own server once allowed that, before the name was turned to the bridge."""
    said = request.headers.getall("X-Forwarded-Proto", [])
    return said == ["https"] and is_vouched_for(request)


def key_given(request: web.Request, *, key_in_query: bool = False) -> str | None:
    """The session key of a request: a header of its own, a WebSocket subprotocol, or, where the
    client can set neither (EventSource), the query; `Authorization` last, which may be somebody
    else's. Raises `bad-parameter` for two keys in the query."""
    headers: Mapping[str, str] = request.headers
    if "XMLSocket-Key" in headers:
        return headers["XMLSocket-Key"].strip()
    key = key_offered(subprotocols(request))
    if key is None and key_in_query:
        key = once(request, "key")
    return bearer_given(request) if key is None else key


def subprotocols(request: web.Request) -> list[str]:
    """What a WebSocket client offers, over all its header lines."""
    return tokens(",".join(request.headers.getall("Sec-WebSocket-Protocol", [])))

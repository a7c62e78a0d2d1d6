"""Where a request comes from."""

from typing import Final

from aiohttp import web

from bridge.access.proxies import TrustedProxies
from bridge.http.credentials import IDENTITY
from bridge.http.introductions import Introductions
from bridge.tunnel.client import Client

PROXIES: Final = web.AppKey("trusted_proxies", TrustedProxies)
"""Whose word about that counts: to be set on the application."""
INTRODUCTIONS: Final = web.AppKey("introductions", Introductions)
"""What they say of their connections, where they use the PROXY protocol."""
FORWARDED: Final = "X-Forwarded-For"


def client_address(request: web.Request) -> str | None:
    """The client's IP address: that of the peer, or what trusted proxies say; `None` where neither
    is known, behind a unix socket."""
    peer = peer_of(request)
    address = None if peer is None else peer[0]
    return request.app[PROXIES].client(address, request.headers.getall(FORWARDED, []))


def client_of(request: web.Request) -> Client:
    """The client as a daemon may be told of it."""
    address, peer = client_address(request), peer_of(request)
    port = peer[1] if peer is not None and peer[0] == address else 0
    identity = request.get(IDENTITY)
    if identity is None:
        return Client(address, port)
    return Client(address, port, identity.user, identity.expires_at)


def peer_of(request: web.Request) -> tuple[str, int] | None:
    """Host and port of the other end of the request's TCP connection, or of the one that it is
    for."""
    introductions = request.app.get(INTRODUCTIONS)
    if introductions is not None and request.transport is not None:
        client = introductions.client(request.transport)
        if client is not None:
            return client
    name = None if request.transport is None else request.transport.get_extra_info("peername")
    return (str(name[0]), int(name[1])) if isinstance(name, tuple) else None

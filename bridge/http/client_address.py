"""Where a request comes from."""

from typing import Final

from aiohttp import web

from bridge.access.proxies import TrustedProxies
from bridge.http.credentials import IDENTITY
from bridge.http.proxy_protocol import Introduction, Introductions
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
    forwarded = request.headers.getall(FORWARDED, []) if is_vouched_for(request) else []
    return request.app[PROXIES].client(address, forwarded)


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
    for. One that is introduced without a client's name has the ends it has (specification of the
    PROXY protocol, sections 2.1 and 2.2)."""
    introduction = introduction_of(request)
    if introduction is not None and introduction.client is not None:
        return introduction.client
    name = None if request.transport is None else request.transport.get_extra_info("peername")
    return (str(name[0]), int(name[1])) if isinstance(name, tuple) else None


def is_vouched_for(request: web.Request) -> bool:
    """Whether a proxy of ours has written the request, and so vouches for its headers. One that
    introduces the connection without a client's name passes bytes on, and may not know whose."""
    introduction = introduction_of(request)
    if introduction is not None and introduction.client is None:
        return False
    peer = peer_of(request)
    return request.app[PROXIES].trusts_peer(None if peer is None else peer[0])


def introduction_of(request: web.Request) -> Introduction | None:
    """What a proxy has said of the request's connection, where proxies do."""
    introductions = request.app.get(INTRODUCTIONS)
    if introductions is None or request.transport is None:
        return None
    return introductions.of(request.transport)

"""Whose page a request comes from, and whether the name it was sent to is the bridge's."""

from typing import Final

from aiohttp import web

from bridge.access.hosts import Hosts
from bridge.access.origins import Page
from bridge.errors import Problem
from bridge.http.client_address import is_vouched_for
from bridge.http.handler import Handler

HOSTS: Final = web.AppKey("hosts", Hosts)
"""The names under which the bridge is reached: to be set on the application."""

NO_PAGE: Final = Page(None)
"""What asks is no browser."""


class Denied(Exception):
    """The rule by which a page was refused: the cause of `origin-denied`, for the log alone."""


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
    if "Origin" not in headers and "Sec-Fetch-Site" not in headers:
        return NO_PAGE
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

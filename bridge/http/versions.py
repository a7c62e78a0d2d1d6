"""The versions of HTTP that are spoken. aiohttp's parser reads others, too."""

from typing import Final

from aiohttp import HttpVersion10, HttpVersion11, web

from bridge.errors import Problem
from bridge.http.handler import Handler

SPOKEN: Final = frozenset({HttpVersion10, HttpVersion11})


@web.middleware
async def check_version(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The middleware that refuses what is not to be trusted in how it frames its body (RFC 9112
    section 6.1). Raises `Problem` `bad-request`."""
    if request.version not in SPOKEN:
        raise Problem("bad-request", "only HTTP/1.0 and HTTP/1.1 are spoken here")
    if request.version == HttpVersion10 and "Transfer-Encoding" in request.headers:
        raise Problem("bad-request", "HTTP/1.0 knows no Transfer-Encoding")
    return await handler(request)

"""The user that a proxy of ours has let in, nginx by `auth_request` above all, in a header."""

from aiohttp import web

from bridge.http.client_address import is_vouched_for


def user_handed_on(request: web.Request, header: str | None) -> str | None:
    """What the header has, if a trusted proxy has sent the request and says it once; `None` where
    no header is for that. From anybody else it means nothing."""
    if header is None or not is_vouched_for(request):
        return None
    said = request.headers.getall(header, [])
    return said[0].strip() if len(said) == 1 else None

"""`/crossdomain.xml`: which movies may use the bridge over HTTP."""

from typing import Final

from aiohttp import web

FILE: Final = "crossdomain.xml"
CONTENT_TYPE: Final = "text/x-cross-domain-policy"


class CrossDomain:
    """Serves one policy, which never changes."""

    def __init__(self, policy: bytes) -> None:
        self._policy = policy

    async def get(self, request: web.Request) -> web.Response:
        """200 with the policy, to whoever asks: it is what tells whether one may ask."""
        return web.Response(body=self._policy, content_type=CONTENT_TYPE, charset="utf-8")

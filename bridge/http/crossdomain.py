"""`/crossdomain.xml`: which movies may use the bridge over HTTP."""

from typing import Final

from aiohttp import web

from bridge.http.answer import Answer

FILE: Final = "crossdomain.xml"
CONTENT_TYPE: Final = "text/x-cross-domain-policy; charset=utf-8"


class CrossDomain:
    """Serves one policy, which never changes."""

    def __init__(self, policy: bytes) -> None:
        self._policy = policy

    async def get(self, request: web.Request) -> Answer:
        """200 with the policy, to whoever asks: it is what tells whether one may ask."""
        return Answer(body=self._policy, content_type=CONTENT_TYPE)

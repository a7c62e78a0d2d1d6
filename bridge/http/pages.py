"""What a browser loads: the console page and the JavaScript client, each file by its name."""

import mimetypes
from importlib.resources import files
from typing import Final

from aiohttp import web

INDEX: Final = "index.html"
SERVED: Final = frozenset({".html", ".js", ".css", ".svg"})


class Page:
    """One file, read once."""

    def __init__(self, name: str, body: bytes) -> None:
        self.name: Final = name
        self._body = body
        self._content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"

    async def get(self, request: web.Request) -> web.Response:
        """200 with the file."""
        return web.Response(body=self._body, content_type=self._content_type, charset="utf-8")


def load_pages() -> list[Page]:
    """The pages of bridge/web."""
    folder = files("bridge").joinpath("web")
    return [
        Page(file.name, file.read_bytes())
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if "." + file.name.rpartition(".")[2] in SERVED
    ]

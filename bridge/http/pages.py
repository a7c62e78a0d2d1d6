"""What a browser loads: the console page and the JavaScript client, each file by its path."""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from aiohttp import web

from bridge.http.answer import Answer

INDEX: Final = "index.html"
HTML: Final = "text/html"
CONTENT_TYPES: Final[Mapping[str, str]] = {
    "html": HTML,
    "js": "text/javascript",
    "css": "text/css",
    "json": "application/json",
    "svg": "image/svg+xml",
}
"""By the ending of the name; files with another ending are not served."""
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types xmlsocket"
)
"""Content Security Policy 3: files of the bridge's own origin alone, and connections to it, ws: and
wss: included. No script or style within a page, none made from text (but for what the client parses
under the name `xmlsocket`), no page within another."""
FOR_ALL: Final[Mapping[str, str]] = {
    "Access-Control-Allow-Origin": "*",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
}
FOR_DOCUMENTS: Final[Mapping[str, str]] = {
    **FOR_ALL,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",  # for browsers that know no frame-ancestors
}
FOR_PARTS: Final[Mapping[str, str]] = {**FOR_ALL, "Cross-Origin-Resource-Policy": "cross-origin"}
"""Scripts are loaded by pages of other origins, isolated ones (COEP) among them."""
FOR_NODE: Final = "package.json"
"""Not for browsers."""


class Page:
    """One file, read once; `path` is relative to bridge/web."""

    def __init__(self, path: str, body: bytes, content_type: str) -> None:
        self.path: Final = path
        self._body = body
        self._content_type = content_type

    async def get(self, request: web.Request) -> Answer:
        """200 with the file. Any page may load it, or one whose origin is denied could not even be
        told so by the client that it loads from here."""
        headers = FOR_DOCUMENTS if self._content_type == HTML else FOR_PARTS
        content_type = f"{self._content_type}; charset=utf-8"
        return Answer(body=self._body, content_type=content_type, headers=headers)


def load_pages() -> list[Page]:
    """The pages of bridge/web and its folders."""
    return list(pages_below(files("bridge").joinpath("web"), ""))


def pages_below(folder: Traversable, path: str) -> Iterator[Page]:
    """Each file whose ending is known, in the order of the names."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        content_type = CONTENT_TYPES.get(entry.name.rpartition(".")[2])
        if entry.is_dir():
            yield from pages_below(entry, f"{path}{entry.name}/")
        elif content_type is not None and entry.name != FOR_NODE:
            yield Page(path + entry.name, entry.read_bytes(), content_type)

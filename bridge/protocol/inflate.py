"""Undoing a request's `Content-Encoding` (RFC 9110 section 8.4), never beyond a bound."""

import zlib
from collections.abc import Mapping
from typing import Final

WINDOW_BITS: Final[Mapping[str, int]] = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""zlib's names for the formats of RFC 1952 and RFC 1950."""


class BadEncoding(Exception):
    """The body is not what its `Content-Encoding` says."""


class Inflater:
    """Feed it the body as it comes; a bomb is found out before it has gone off."""

    def __init__(self, encoding: str, max_bytes: int) -> None:
        """Raises `KeyError` for an encoding that is not in `WINDOW_BITS`."""
        self._stream = zlib.decompressobj(WINDOW_BITS[encoding])
        self._left = max_bytes + 1

    def feed(self, data: bytes) -> bytes:
        """What the next bytes mean: together never more than `max_bytes` and one.

        Raises `BadEncoding`.
        """
        if not self._left:
            return b""
        try:
            inflated = self._stream.decompress(data, self._left)
        except zlib.error:
            raise BadEncoding("it is damaged") from None
        if self._stream.unused_data:
            raise BadEncoding("bytes follow its end")
        self._left -= len(inflated)
        return inflated

    def finish(self) -> None:
        """The body has ended. Raises `BadEncoding` if it stopped short."""
        if not self._stream.eof:
            raise BadEncoding("it stops short")

"""Bodies are inflated piece by piece, to a byte beyond the bound at most."""

import gzip
import zlib
from collections.abc import Callable
from random import Random

import pytest

from bridge.protocol.inflate import BadEncoding, Inflater

TEXT = b"<a/>\0<bb/>\0" * 5
DEFLATED = zlib.compress(TEXT)
FAR_APART = Random(1).randbytes(32_000) * 2
"""Repeats itself at nearly the full distance that deflate may look back, 32 KB."""

Compress = Callable[[bytes], bytes]


def inflated(encoding: str, *pieces: bytes, max_bytes: int = 1000) -> bytes:
    """What the pieces of a whole body mean."""
    inflater = Inflater(encoding, max_bytes)
    found = b"".join(inflater.feed(piece) for piece in pieces)
    inflater.finish()
    return found


@pytest.mark.parametrize(
    ("encoding", "compress"),
    [("gzip", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress)],
)
@pytest.mark.parametrize("text", [b"", TEXT, FAR_APART])
def test_a_body_is_inflated_by_the_coding_it_names(
    encoding: str, compress: Compress, text: bytes
) -> None:
    assert inflated(encoding, compress(text), max_bytes=len(text)) == text


@pytest.mark.parametrize("encoding", ["br", "GZIP", "identity", ""])
def test_there_is_no_inflater_for_another_coding(encoding: str) -> None:
    with pytest.raises(KeyError):
        Inflater(encoding, 1)


@pytest.mark.parametrize("place", range(len(DEFLATED) + 1))
def test_a_body_may_be_cut_at_every_byte(place: int) -> None:
    assert inflated("deflate", DEFLATED[:place], DEFLATED[place:]) == TEXT


def test_a_body_may_come_byte_by_byte() -> None:
    assert inflated("deflate", *(bytes([octet]) for octet in DEFLATED)) == TEXT


def test_a_body_of_just_the_bound_is_inflated_whole() -> None:
    assert inflated("deflate", DEFLATED, max_bytes=len(TEXT)) == TEXT


@pytest.mark.parametrize("place", [0, 10])
def test_a_body_beyond_the_bound_shows_by_one_byte(place: int) -> None:
    inflater = Inflater("deflate", len(TEXT) - 2)
    found = inflater.feed(DEFLATED[:place]) + inflater.feed(DEFLATED[place:])
    assert found == TEXT[:-1]
    assert inflater.feed(b"more") == b""


def test_a_bomb_is_inflated_to_the_bound_and_no_further() -> None:
    bomb = zlib.compress(bytes(1 << 24))
    assert len(Inflater("deflate", 1000).feed(bomb)) == 1001


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("deflate", b"plain"),
        ("deflate", gzip.compress(TEXT, mtime=0)),
        ("deflate", b"\0" + DEFLATED),
        ("gzip", DEFLATED),
        ("x-gzip", DEFLATED),
    ],
)
def test_what_is_not_the_coding_is_damaged(encoding: str, body: bytes) -> None:
    with pytest.raises(BadEncoding, match=r"^it is damaged$"):
        Inflater(encoding, 1000).feed(body)


@pytest.mark.parametrize("pieces", [(DEFLATED + b"a",), (DEFLATED, b"a")])
def test_nothing_may_follow_the_end(pieces: tuple[bytes, ...]) -> None:
    with pytest.raises(BadEncoding, match=r"^bytes follow its end$"):
        inflated("deflate", *pieces)


@pytest.mark.parametrize("place", [0, 1, 10, len(DEFLATED) - 1])
def test_a_body_that_stops_short_is_told_at_its_end(place: int) -> None:
    inflater = Inflater("deflate", 1000)
    inflater.feed(DEFLATED[:place])
    with pytest.raises(BadEncoding, match=r"^it stops short$"):
        inflater.finish()

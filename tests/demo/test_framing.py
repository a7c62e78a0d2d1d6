"""Messages come out of the stream however it is cut, and none is held beyond its bound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.demo.framing import Framer


def fed(framer: Framer, *pieces: bytes) -> list[bytes | None]:
    """All that comes out for the pieces."""
    return [message for piece in pieces for message in framer.feed(piece)]


STREAM = b"ab\0\0abc\0abcd\0abcdefgh\0a\0rest"
MESSAGES = [b"ab", b"", b"abc", None, None, b"a"]


@pytest.mark.parametrize("cut", range(len(STREAM) + 1))
def test_the_stream_may_be_cut_at_every_byte(cut: int) -> None:
    assert fed(Framer(3), STREAM[:cut], STREAM[cut:]) == [*MESSAGES, None]


def test_the_stream_may_come_byte_by_byte() -> None:
    pieces = [STREAM[at : at + 1] for at in range(len(STREAM))]
    assert fed(Framer(3), *pieces) == [*MESSAGES, None]


def test_a_message_too_long_is_told_before_it_ends_and_once() -> None:
    framer = Framer(3)
    assert fed(framer, b"abcd") == [None]
    assert fed(framer, b"efgh", b"ijkl") == []
    assert fed(framer, b"\0ok\0") == [b"ok"]


@given(st.lists(st.binary(max_size=20).map(lambda data: data.replace(b"\0", b"x"))), st.data())
def test_what_was_joined_is_cut_apart_again(messages: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(message + b"\0" for message in messages)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)))))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert fed(Framer(20), *pieces) == messages

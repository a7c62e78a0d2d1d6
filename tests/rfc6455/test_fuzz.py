"""However a stream is cut and whatever is wrong with it, it is read as the RFC says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rfc6455 import bridge_reader, reference
from tests.rfc6455.bridge_reader import MOST_HELD_BYTES, BridgeReader
from tests.rfc6455.frame import BINARY, Frame
from tests.rfc6455.reference import LONGEST_HEADER
from tests.rfc6455.streams import cut, mutated, nearly_sound

bounded = settings(max_examples=250, deadline=None, derandomize=True)

turns = st.sampled_from([5, 1 << 10, 1 << 18])
"""How much the reader may hand on at a time. The bridge itself asks for no less than a kilobyte."""


@given(cut(nearly_sound()), turns)
@bounded
def test_a_nearly_sound_stream_is_read_as_the_rfc_says_wherever_it_is_cut(
    chunks: list[bytes], turn_bytes: int
) -> None:
    assert bridge_reader.read(chunks, turn_bytes) == reference.read(b"".join(chunks))


@given(cut(mutated()), turns)
@bounded
def test_a_stream_with_changed_bytes_is_read_as_the_rfc_says_wherever_it_is_cut(
    chunks: list[bytes], turn_bytes: int
) -> None:
    assert bridge_reader.read(chunks, turn_bytes) == reference.read(b"".join(chunks))


@given(cut(nearly_sound()))
@settings(bounded, max_examples=100)
def test_no_more_is_held_than_a_header_and_a_control_frame(chunks: list[bytes]) -> None:
    reader = BridgeReader()
    for chunk in chunks:
        reader.feed(chunk)
        assert reader.status is not None or reader.held_bytes <= MOST_HELD_BYTES


@pytest.mark.parametrize("n_bytes", range(1, LONGEST_HEADER))
def test_of_a_long_chunk_no_more_is_held_than_the_header_that_its_end_cuts_off(
    n_bytes: int,
) -> None:
    reader = BridgeReader()
    cut_off = Frame(BINARY, bytes(1 << 16)).encode()[:n_bytes]
    reader.feed(Frame(BINARY, bytes(1 << 16)).encode() + cut_off)
    assert reader.held_bytes <= MOST_HELD_BYTES

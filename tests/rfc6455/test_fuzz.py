"""However a stream is cut and whatever is wrong with it, it is read as the RFC says."""

from hypothesis import given, settings

from tests.rfc6455 import bridge_reader, reference
from tests.rfc6455.bridge_reader import MOST_HELD_BYTES, BridgeReader
from tests.rfc6455.streams import cut, mutated, nearly_sound

bounded = settings(max_examples=250, deadline=None, derandomize=True)


@given(cut(nearly_sound()))
@bounded
def test_a_nearly_sound_stream_is_read_as_the_rfc_says_wherever_it_is_cut(
    chunks: list[bytes],
) -> None:
    assert bridge_reader.read(chunks) == reference.read(b"".join(chunks))


@given(cut(mutated()))
@bounded
def test_a_stream_with_changed_bytes_is_read_as_the_rfc_says_wherever_it_is_cut(
    chunks: list[bytes],
) -> None:
    assert bridge_reader.read(chunks) == reference.read(b"".join(chunks))


@given(cut(nearly_sound()))
@settings(bounded, max_examples=100)
def test_no_more_is_held_than_a_header_and_a_control_frame(chunks: list[bytes]) -> None:
    reader = BridgeReader()
    for chunk in chunks:
        reader.feed(chunk)
        assert reader.status is not None or reader.held_bytes <= MOST_HELD_BYTES

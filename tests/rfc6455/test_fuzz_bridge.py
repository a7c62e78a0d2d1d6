"""Whatever a client sends, and however it is cut, the running bridge does what the RFC says."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yarl import URL

from tests.rfc6455 import reference
from tests.rfc6455.conversation import CLOSE_NORMALLY, Conversation
from tests.rfc6455.form import RAW
from tests.rfc6455.frame import BINARY, CLOSE, PING, TEXT
from tests.rfc6455.streams import cut, mutated, nearly_sound
from tests.support.clients import Client
from tests.support.daemon import ScriptedDaemon

bounded = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    # Each example has a connection of its own, and the daemon keeps them apart.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def ended(stream: bytes) -> bytes:
    """The stream with a Close frame behind it, but nothing behind its first one."""
    stream += CLOSE_NORMALLY
    position = 0
    for header, payload in reference.frames(stream):
        position += header.size + len(payload)
        if header.opcode == CLOSE:
            break
    return stream[:position]


def has_no_text(stream: bytes) -> bool:
    """Raw refuses text, which the RFC knows nothing of."""
    return all(header.opcode != TEXT for header, _ in reference.frames(stream))


streams = st.one_of(nearly_sound(BINARY), mutated(BINARY)).map(ended).filter(has_no_text)


@given(chunks=cut(streams))
@bounded
async def test_any_stream_is_answered_and_passed_on_as_the_rfc_says(
    client: Client, daemon: ScriptedDaemon, chunks: list[bytes]
) -> None:
    expected = reference.read(b"".join(chunks))
    pings = [payload for opcode, payload in expected.said if opcode == PING]
    async with Conversation.opened(URL(client.url), RAW) as conversation:
        connection = await daemon.accepted()
        await conversation.wire.dribble(chunks)
        if expected.status is None:  # a frame cut off has swallowed the Close frame
            await conversation.heard(0, len(pings))
            conversation.wire.write_eof()
            assert await conversation.wire.read_frame() is None
        else:
            await conversation.ended()
    assert conversation.status == expected.status
    assert conversation.pongs == pings
    messages = (payload for opcode, payload in expected.said if opcode == BINARY)
    passed_on = b"".join(messages) + expected.unfinished
    assert await connection.ended() == passed_on

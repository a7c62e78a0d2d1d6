"""What is wrong with a message is told before its end, where it can be told by then."""

import pytest
from yarl import URL

from tests.rfc6455.conversation import Conversation
from tests.rfc6455.form import PLAIN_BYTES, PLAIN_TEXT, V1_TEXT, Form
from tests.rfc6455.frame import Frame
from tests.rfc6455.table.case import INVALID_DATA, fragments, more, text
from tests.support.clients import Client
from tests.support.daemon import ScriptedDaemon

MAX_MESSAGE_BYTES = 1 << 20
"""The default."""
MESSAGE_TOO_BIG = 1009

GIGABYTE = Frame(1, b"x" * (MAX_MESSAGE_BYTES + 2), length_bytes=8, announced=1 << 30)
HALVES = (
    text(b"x" * (MAX_MESSAGE_BYTES // 2), fin=False),
    more(b"x" * (MAX_MESSAGE_BYTES // 2 + 2), fin=False),
)

each_form = pytest.mark.parametrize("form", [PLAIN_TEXT, PLAIN_BYTES], ids=lambda form: form.name)


@pytest.mark.parametrize("frames", [(GIGABYTE,), HALVES], ids=["a frame", "fragments"])
@each_form
async def test_a_message_that_has_grown_too_big_is_not_waited_for(
    client: Client, daemon: ScriptedDaemon, form: Form, frames: tuple[Frame, ...]
) -> None:
    async with Conversation.opened(URL(client.url), form) as conversation:
        conversation.wire.write(b"".join(form.adapted(frame).encode() for frame in frames))
        await conversation.closed()
    assert conversation.status == MESSAGE_TOO_BIG
    assert await (await daemon.accepted()).ended() == b""


UNFINISHED = {
    "a fragment": text(b"sound\0\xff\0<", fin=False).encode(),
    "a frame": text(b"sound\0\xff\0<" + b"x" * 70_000).encode()[:100],
}


@pytest.mark.parametrize("stream", UNFINISHED.values(), ids=UNFINISHED)
async def test_a_message_of_v1_that_is_not_utf8_fails_though_its_frame_goes_on(
    client: Client, daemon: ScriptedDaemon, stream: bytes
) -> None:
    async with Conversation.opened(URL(client.url), V1_TEXT) as conversation:
        conversation.wire.write(stream)
        await conversation.closed()
    assert conversation.status == INVALID_DATA
    assert await (await daemon.accepted()).received(6) == b"sound\0"


@pytest.mark.parametrize("place", range(1, 12))
async def test_a_control_frame_of_v1_may_be_cut_within_a_character(
    client: Client, daemon: ScriptedDaemon, place: int
) -> None:
    daemon.echo()
    control = '{"ž😀": 1}'.encode()
    frames = (*fragments(1, control[:place], control[place:]), text(b"message\0"))
    async with Conversation.opened(URL(client.url), V1_TEXT) as conversation:
        conversation.wire.write(b"".join(frame.encode() for frame in frames))
        await conversation.heard(1, 0)
        assert conversation.messages == [b"message"]


@pytest.mark.parametrize("payloads", [(b'{"\xff": 1}',), (b'{"\xc5', b'": 1}')])
async def test_a_control_frame_of_v1_that_is_not_utf8_fails(
    client: Client, daemon: ScriptedDaemon, payloads: tuple[bytes, ...]
) -> None:
    async with Conversation.opened(URL(client.url), V1_TEXT) as conversation:
        conversation.wire.write(b"".join(frame.encode() for frame in fragments(1, *payloads)))
        await conversation.closed()
    assert conversation.status == INVALID_DATA

"""A message in the wrong kind of frame closes the socket with 1003, and the daemon sees nothing."""

import pytest
from yarl import URL

from tests.rfc6455.conversation import Conversation, end_session
from tests.rfc6455.form import PLAIN_BYTES, PLAIN_TEXT, RAW, V1_BYTES, V1_TEXT, Form
from tests.rfc6455.frame import BINARY, TEXT, Frame
from tests.rfc6455.table.case import fragments
from tests.support.clients import Client
from tests.support.daemon import ScriptedDaemon

UNSUPPORTED_DATA = 1003

KINDS = [
    (PLAIN_TEXT, BINARY),
    (PLAIN_BYTES, TEXT),
    (V1_TEXT, BINARY),
    (V1_BYTES, TEXT),
    (RAW, TEXT),
]


@pytest.mark.parametrize("is_fragmented", [False, True], ids=["whole", "in fragments"])
@pytest.mark.parametrize(("form", "opcode"), KINDS, ids=[form.name for form, _ in KINDS])
async def test_the_wrong_kind_of_frame_closes_with_1003(
    client: Client, daemon: ScriptedDaemon, form: Form, opcode: int, is_fragmented: bool
) -> None:
    payloads = (b"wrong", b"kind\0") if is_fragmented else (b"wrong kind\0",)
    frames: tuple[Frame, ...] = fragments(opcode, *payloads)
    async with Conversation.opened(URL(client.url), form) as conversation:
        conversation.wire.write(b"".join(frame.encode() for frame in frames))
        await conversation.ended()
    assert conversation.status == UNSUPPORTED_DATA
    await end_session(client, conversation)
    assert await (await daemon.accepted()).ended() == b""

"""The end of a connection that is not in the tables: the bridge closes first, or TCP ends alone."""

from collections.abc import AsyncIterator

import pytest
from yarl import URL

from tests.rfc6455.conversation import CLOSE_NORMALLY, Conversation
from tests.rfc6455.form import FORMS, PLAIN_TEXT, Form
from tests.rfc6455.frame import Frame
from tests.rfc6455.table.case import close, close_frame, ping, text
from tests.support.clients import Client
from tests.support.daemon import ScriptedDaemon

NORMAL = 1000

each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)

WHOLE = text(b"whole")
TAILS = {
    "nothing": (WHOLE, 0),
    "one byte of a header": (WHOLE, 1),
    "a header": (WHOLE, 6),
    "half a frame": (WHOLE, 8),
    "half a Ping": (ping(b"whole"), 8),
    "a fragment": (text(b"a", fin=False), 7),
    "half a Close frame": (close(1000, b"bye"), 8),
}

BEHIND = {
    "a Ping": ping(b"late"),
    "a text": text(b"late"),
    "a frame with reserved bits": text(b"late", bits=0x70),
    "a frame that is not masked": text(b"late", is_masked=False),
    "a Close frame with another code": close(4000, b"mine"),
    "a Close frame without a code": close_frame(),
    "a Close frame that says what it may not": close(1005),
}


@pytest.fixture
async def conversation(
    client: Client, daemon: ScriptedDaemon, form: Form
) -> AsyncIterator[Conversation]:
    """A socket of that form, with a daemon behind it."""
    async with Conversation.opened(URL(client.url), form) as opened:
        yield opened


@each_form
async def test_the_end_of_the_daemon_closes_with_1000(
    conversation: Conversation, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).close()
    await conversation.ended()
    assert conversation.status == NORMAL


@pytest.mark.parametrize("name", BEHIND)
@each_form
async def test_behind_the_bridges_own_close_frame_comes_nothing(
    conversation: Conversation, daemon: ScriptedDaemon, name: str
) -> None:
    """Section 5.5.1. Whatever the client still says, its own Close frame or a broken rule too."""
    connection = await daemon.accepted()
    connection.close()
    await conversation.closed()
    conversation.wire.write(BEHIND[name].encode())
    await conversation.ended()
    assert await connection.ended() == b""


@pytest.mark.parametrize(("frame", "n_bytes"), TAILS.values(), ids=TAILS)
@each_form
async def test_a_connection_that_just_ends_is_not_answered_by_a_close_frame(
    conversation: Conversation, form: Form, frame: Frame, n_bytes: int
) -> None:
    """Section 7.1.5: there is nobody left to be told."""
    conversation.wire.write(form.adapted(frame).encode()[:n_bytes])
    conversation.wire.write_eof()
    assert await conversation.wire.read_frame() is None


@pytest.mark.parametrize("form", [PLAIN_TEXT], ids=lambda form: form.name)
async def test_of_a_frame_that_was_cut_off_nothing_reaches_the_daemon(
    conversation: Conversation, daemon: ScriptedDaemon
) -> None:
    conversation.wire.write(text(b"first").encode() + text(b"second").encode()[:-1])
    conversation.wire.write_eof()
    assert await (await daemon.accepted()).ended() == b"first\0"


@each_form
async def test_the_bridge_ends_the_connection_without_waiting_for_the_client(
    conversation: Conversation,
) -> None:
    """Section 7.1.1: the server closes first, once both Close frames are out."""
    conversation.wire.write(CLOSE_NORMALLY)
    await conversation.closed()
    assert await conversation.wire.read_to_end() == b""


@each_form
async def test_a_failed_connection_ends_without_an_answer(conversation: Conversation) -> None:
    """Section 7.1.7: who broke the rules is not waited for."""
    conversation.wire.write(text(bits=0x70).encode())
    await conversation.closed()
    assert await conversation.wire.read_to_end() == b""

"""The running bridge does with the frames of each row of the tables what RFC 6455 says."""

from collections.abc import Callable

import pytest
from yarl import URL

from tests.rfc6455.conversation import CLOSE_NORMALLY, Conversation, end_session
from tests.rfc6455.form import FORMS, Form
from tests.rfc6455.table.case import Case, pieces
from tests.rfc6455.table.rows import CASES
from tests.support.clients import Client
from tests.support.daemon import ScriptedDaemon, framed

MOST_WRITES = 1000

ROWS = [
    pytest.param(case, form, id=f"{form.name}-{case.name}")
    for case in CASES
    for form in FORMS
    if form.fits(case)
]


def in_one_piece(stream: bytes, last: bytes) -> list[bytes]:
    return [stream + last]


def byte_by_byte(stream: bytes, last: bytes) -> list[bytes]:
    """Or, if it is long, in as many pieces as one has the patience for."""
    return [*pieces(stream, len(stream) // MOST_WRITES + 1), last]


@pytest.mark.parametrize("deliver", [in_one_piece, byte_by_byte])
@pytest.mark.parametrize(("case", "form"), ROWS)
async def test_the_bridge_does_with_a_row_what_it_says(
    client: Client,
    daemon: ScriptedDaemon,
    case: Case,
    form: Form,
    deliver: Callable[[bytes, bytes], list[bytes]],
) -> None:
    daemon.echo()
    async with Conversation.opened(URL(client.url), form) as conversation:
        await conversation.wire.dribble(deliver(*form.stream(case)))
        if case.status is None:
            await conversation.heard(len(case.messages), len(case.pongs))
            assert conversation.messages == list(case.messages)
            conversation.wire.write(CLOSE_NORMALLY)
        await conversation.ended()
    assert conversation.status == (case.status or 1000)
    assert conversation.pongs == list(case.pongs)
    # What the daemon had not answered yet when the connection failed does not come back.
    assert conversation.messages == list(case.messages[: len(conversation.messages)])
    await end_session(client, conversation)
    assert await (await daemon.accepted()).ended() == expected_stream(case, form)


def expected_stream(case: Case, form: Form) -> bytes:
    """All that the daemon may have seen."""
    stream = framed(case.messages)
    return stream + case.unfinished if form.is_raw else stream

"""Refused up messages: `not-well-formed`, `bad-encoding`, `message-too-big`."""

import pytest

from tests.support.answers import Answer
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import PATIENTLY_S, Client, Session
from tests.support.configured import MakeConfig
from tests.support.daemon import ScriptedDaemon
from tests.support.sockets import attach, open_v1, session_of

MAX_MESSAGE_BYTES = 2000
MAX_DEPTH = 20
MAX_NODES = 100

REFUSED = [
    pytest.param(b"<a>", 400, "not-well-formed", id="not-well-formed"),
    pytest.param(b"<a>\xff</a>", 400, "bad-encoding", id="bad-encoding"),
    pytest.param(b"<a>" + b"x" * 2000 + b"</a>", 413, "message-too-big", id="message-too-big"),
]


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    return start_bridge(
        config(
            max_message_bytes=MAX_MESSAGE_BYTES, xml_max_depth=MAX_DEPTH, xml_max_nodes=MAX_NODES
        )
    )


@pytest.fixture
async def session(client: Client, daemon: ScriptedDaemon) -> Session:
    """A session with a daemon whose messages are XML."""
    return await client.open("strict")


def refused(answer: Answer, status: int, code: str, number: int) -> None:
    """Asserts that the answer refuses the message of this number, which is thereby used up."""
    assert answer.problem(status, code)["message"] == number
    assert answer.ack == number


@pytest.mark.parametrize(("bad", "status", "code"), REFUSED)
async def test_a_refusal_says_which_message_and_lets_only_those_before_it_pass(
    session: Session, daemon: ScriptedDaemon, bad: bytes, status: int, code: str
) -> None:
    answer = await session.send(b"<a/>", b"<b/>", bad, b"<d/>", first=1)
    refused(answer, status, code, 3)
    await session.send(b"<end/>", first=4)
    await (await daemon.accepted()).received_messages(b"<a/>", b"<b/>", b"<end/>")


@pytest.mark.parametrize(("bad", "status", "code"), REFUSED)
async def test_a_retry_that_covers_the_refusal_gets_the_same_answer(
    session: Session, daemon: ScriptedDaemon, bad: bytes, status: int, code: str
) -> None:
    first_answer = await session.send(b"<a/>", bad, b"<c/>", first=1)
    refused(first_answer, status, code, 2)
    for _ in range(2):
        answer = await session.send(b"<a/>", bad, b"<c/>", first=1)
        assert answer.without_date() == first_answer.without_date()
    await session.send(b"<end/>", first=3)
    await (await daemon.accepted()).received_messages(b"<a/>", b"<end/>")


async def test_a_retry_of_the_refused_message_alone_gets_the_same_answer(session: Session) -> None:
    refused(await session.send(b"<a/>", b"<b>", first=1), 400, "not-well-formed", 2)
    refused(await session.send(b"<b>", b"<c/>", first=2), 400, "not-well-formed", 2)


async def test_the_number_of_a_refused_message_is_not_given_to_a_better_one(
    session: Session, daemon: ScriptedDaemon
) -> None:
    refused(await session.send(b"<a>", first=1), 400, "not-well-formed", 1)
    refused(await session.send(b"<a/>", first=1), 400, "not-well-formed", 1)
    await session.send(b"<end/>", first=2)
    await (await daemon.accepted()).received_messages(b"<end/>")


async def test_a_retry_of_those_after_the_refusal_is_accepted(
    session: Session, daemon: ScriptedDaemon
) -> None:
    await session.send(b"<a>", b"<b/>", b"<c/>", first=1)
    answer = await session.send(b"<b/>", b"<c/>", first=2)
    answer.empty()
    assert answer.ack == 3
    await (await daemon.accepted()).received_messages(b"<b/>", b"<c/>")


async def test_a_retry_of_those_before_the_refusal_is_no_refusal(session: Session) -> None:
    await session.send(b"<a/>", b"<b>", first=1)
    answer = await session.send(b"<a/>", first=1)
    answer.empty()
    assert answer.ack == 2


async def test_the_latest_refusal_is_the_one_remembered(session: Session) -> None:
    refused(await session.send(b"<a>", first=1), 400, "not-well-formed", 1)
    refused(await session.send(b"<b>\xff</b>", first=2), 400, "bad-encoding", 2)
    refused(await session.send(b"<b>\xff</b>", first=2), 400, "bad-encoding", 2)


async def test_a_retry_never_passes_for_accepted_with_messages_behind_an_older_refusal(
    session: Session, daemon: ScriptedDaemon
) -> None:
    socket = await attach(session)
    too_big = b"<a>" + b"x" * MAX_MESSAGE_BYTES + b"</a>"
    await socket.send(b"<a/>", too_big, b"<bad", b"<d/>")
    await socket.acked(4)
    refused_again = await session.send(b"<a/>", too_big, b"<bad", b"<d/>", b"<e/>", first=1)
    assert refused_again.problem(413, "message-too-big")["message"] == 2
    assert (await session.send(b"<bad", b"<d/>", b"<e/>", first=3)).status == 400
    (await session.send(b"<d/>", b"<e/>", first=4)).empty()
    await (await daemon.accepted()).received_messages(b"<a/>", b"<d/>", b"<e/>")


async def test_a_refusal_over_a_socket_is_remembered_for_a_retry_over_http(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_v1(client, "strict")
    await socket.send(b"<a/>", b"<b>", b"<c/>")
    await socket.told("reject")
    answer = await session_of(client, socket).send(b"<b>", b"<c/>", first=2)
    assert answer.problem(400, "not-well-formed")["message"] == 2
    assert answer.ack == 3


async def test_messages_after_a_refusal_are_numbered_on_without_first(
    session: Session, daemon: ScriptedDaemon
) -> None:
    await session.send(b"<a>")
    answer = await session.send(b"<b/>")
    answer.empty()
    assert answer.ack == 2
    await (await daemon.accepted()).received_messages(b"<b/>")


async def test_a_refusal_is_answered_at_once_though_the_send_would_wait(session: Session) -> None:
    answer = await session.send(b"<a>", first=1, ack=0, wait=PATIENTLY_S)
    refused(answer, 400, "not-well-formed", 1)


async def test_a_refusal_does_not_end_the_session(session: Session, daemon: ScriptedDaemon) -> None:
    await session.send(b"<a>")
    (await daemon.accepted()).say(b"<hi/>")
    assert await session.peek(1) == [b"<hi/>"]


@pytest.mark.parametrize("before", [b"", b"<a/>\0"], ids=["alone", "behind another"])
@pytest.mark.parametrize("after", [b"", b"\0<c/>"], ids=["its own", "another's"])
@pytest.mark.parametrize("bad", [b"<b>\xff</b>", b"x" * (MAX_MESSAGE_BYTES + 1), b"x" * 99_999])
async def test_a_body_without_its_last_zero_byte_is_unterminated_whatever_else_it_holds(
    session: Session, before: bytes, bad: bytes, after: bytes
) -> None:
    answer = await session.post(before + bad + after, {"first": 1})
    answer.problem(400, "unterminated")
    assert answer.ack == 0


@pytest.mark.parametrize("daemon_name", ["chat", "strict", "blob"])
async def test_the_bound_of_a_message_counts_its_bytes_without_the_zero_byte(
    client: Client, daemon: ScriptedDaemon, daemon_name: str
) -> None:
    session = await client.open(daemon_name)
    fits = b"<a>" + b"x" * (MAX_MESSAGE_BYTES - 7) + b"</a>"
    answer = await session.send(fits, fits + b"\n", first=1)
    refused(answer, 413, "message-too-big", 2)
    await session.send(b"<end/>", first=3)
    await (await daemon.accepted()).received_messages(fits, b"<end/>")


async def test_text_need_not_be_xml(client: Client, daemon: ScriptedDaemon) -> None:
    session = await client.open("chat")
    (await session.send(b"<a>", b"no XML & more")).empty()
    await (await daemon.accepted()).received_messages(b"<a>", b"no XML & more")


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(b"\xff", id="no UTF-8 at all"),
        pytest.param(b"a\xc3", id="cut off"),
        pytest.param(b"\xc0\x80", id="overlong zero"),
        pytest.param(b"\xed\xa0\x80", id="surrogate"),
        pytest.param(b"\xf4\x90\x80\x80", id="above the last code point"),
    ],
)
async def test_text_that_is_no_utf_8_is_bad_encoding(
    client: Client, daemon: ScriptedDaemon, bad: bytes
) -> None:
    session = await client.open("chat")
    refused(await session.send(b"a", bad, b"c", first=1), 400, "bad-encoding", 2)


BOMB = (
    b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    b"<a>&c;&c;&c;&c;&c;&c;&c;&c;</a>"
)


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(b"<!DOCTYPE a><a/>", id="DTD"),
        pytest.param(b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>', id="external DTD"),
        pytest.param(b"<!DOCTYPE a [<!ELEMENT a ANY>]>\n<a/>", id="internal DTD"),
        pytest.param(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', id="entity"),
        pytest.param(
            b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>',
            id="external entity",
        ),
        pytest.param(BOMB, id="entities in entities"),
        pytest.param(b"<a>&b;</a>", id="undeclared entity"),
        pytest.param(b"<a/><b/>", id="two roots"),
        pytest.param(b"<a/>b", id="text after the root"),
        pytest.param(b"a<b/>", id="text before the root"),
        pytest.param(b"text only", id="text only"),
        pytest.param(b" ", id="white space only"),
        pytest.param(b"<!-- a -->", id="no root"),
        pytest.param(b"<a", id="cut off in a tag"),
        pytest.param(b"<a><b></a></b>", id="crossed tags"),
        pytest.param(b"</a>", id="end tag only"),
        pytest.param(b'<a b="1" b="2"/>', id="attribute twice"),
        pytest.param(b"<a b=1/>", id="attribute without quotes"),
        pytest.param(b"<a>&</a>", id="bare ampersand"),
        pytest.param(b"<a>\x01</a>", id="control character"),
        pytest.param(b"<a>&#0;</a>", id="reference to zero"),
        pytest.param(b"<a>" * (MAX_DEPTH * 2) + b"</a>" * (MAX_DEPTH * 2), id="too deep"),
        pytest.param(b"<a>" + b"<b/>" * (MAX_NODES * 2) + b"</a>", id="too many nodes"),
    ],
)
async def test_xml_that_is_not_plainly_well_formed_never_reaches_the_daemon(
    session: Session, daemon: ScriptedDaemon, bad: bytes
) -> None:
    answer = await session.send(b"<a/>", bad, b"<c/>", first=1)
    refused(answer, 400, "not-well-formed", 2)
    await session.send(b"<end/>", first=3)
    await (await daemon.accepted()).received_messages(b"<a/>", b"<end/>")


@pytest.mark.parametrize(
    "good",
    [
        pytest.param(b"<a/>", id="empty element"),
        pytest.param(b"<a b='1' c=\"2\">text<d/>more</a>", id="attributes and mixed content"),
        pytest.param(b"<a>&lt;&amp;&#233;&#xe9;</a>", id="references without a DTD"),
        pytest.param(b"<a><![CDATA[<b>&]]></a>", id="CDATA"),
        pytest.param("<žluť>日本語</žluť>".encode(), id="other letters"),
        pytest.param(b"<a>" * (MAX_DEPTH // 2) + b"</a>" * (MAX_DEPTH // 2), id="deep"),
        pytest.param(b"<a>" + b"<b/>" * (MAX_NODES // 2) + b"</a>", id="many nodes"),
    ],
)
async def test_well_formed_xml_reaches_the_daemon_byte_for_byte(
    session: Session, daemon: ScriptedDaemon, good: bytes
) -> None:
    (await session.send(good)).empty()
    await (await daemon.accepted()).received_messages(good)

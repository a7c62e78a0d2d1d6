"""The chat as its clients see it, over TCP."""

import pytest
import uvloop

from bridge.demo import ChatLimits, ChatServer
from tests.demo.conftest import Chat, Chats, Visitor
from tests.support.deadline import within_deadline

# Longer than a test takes: the welcome then comes with the first request or not at all.
ALWAYS_S = 3600.0


async def heard(visitor: Visitor, message: str, *, by_telling: str = "") -> None:
    """Returns once the visitor has heard this message, whatever came before."""
    if by_telling:
        visitor.tell(by_telling)
    while await visitor.hear() != message:
        pass


async def test_who_only_listens_is_welcomed_as_a_guest(chats: Chats) -> None:
    chat = await chats.start(ChatLimits())
    first, second = await chat.connect(), await chat.connect()
    assert {await first.hear(), await second.hear()} == {
        '<welcome name="guest1"/>',
        '<welcome name="guest2"/>',
    }


async def test_who_asks_at_once_is_welcomed_before_the_answer(chats: Chats) -> None:
    chat = await chats.start(ChatLimits(policy_grace_s=ALWAYS_S))
    visitor = await chat.connect()
    visitor.tell("<ping/>")
    assert [await visitor.hear(), await visitor.hear()] == ['<welcome name="guest1"/>', "<pong/>"]


async def test_a_join_is_told_to_everybody(chat: Chat) -> None:
    guest = await chat.guest()
    await chat.person("ada")
    assert await guest.hear() == '<joined name="ada"/>'


async def test_what_is_said_is_heard_by_everybody_and_the_speaker(chat: Chat) -> None:
    guest, ada = await chat.guest(), await chat.person("ada")
    ada.tell("<say>2 &lt; 3 &amp; ü</say>")
    expected = '<said from="ada">2 &lt; 3 &amp; ü</said>'
    assert await ada.hear() == expected
    assert [await guest.hear(), await guest.hear()] == ['<joined name="ada"/>', expected]


async def test_a_guest_may_speak(chat: Chat) -> None:
    guest = await chat.guest()
    assert await guest.ask("<say>hi</say>") == '<said from="guest1">hi</said>'


async def test_who_lists_people_and_guests(chat: Chat) -> None:
    ada = await chat.person("ada")
    await chat.guest()
    expected = '<people><person name="ada"/><person name="guest1"/></people>'
    assert await ada.ask("<who/>") == expected


async def test_who_goes_is_told_as_left(chat: Chat) -> None:
    ada, bob = await chat.person("ada"), await chat.person("bob")
    assert await ada.hear() == '<joined name="bob"/>'
    await bob.leave()
    assert await ada.hear() == '<left name="bob"/>'


async def test_who_ends_the_stream_still_gets_the_answers(chat: Chat) -> None:
    guest = await chat.guest()
    guest.tell("<ping/>", "<ping/>")
    guest.end()
    assert await guest.rest() == b"<pong/>\0<pong/>\0"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("<say>", "not-well-formed"),
        ("hello", "not-well-formed"),
        ("<a/><b/>", "not-well-formed"),
        ("<!DOCTYPE say><say/>", "doctype-forbidden"),
        ("<dance/>", "unknown-request"),
        ('<join name=""/>', "bad-name"),
        ("<join/>", "bad-name"),
        ('<join name="guest1"/>', "name-taken"),
    ],
)
async def test_what_is_not_understood_is_an_error_and_the_connection_stays(
    chat: Chat, message: str, code: str
) -> None:
    guest = await chat.guest()
    assert (await guest.ask(message)).startswith(f'<error code="{code}">')
    assert await guest.ask("<ping/>") == "<pong/>"


async def test_an_empty_message_has_no_answer(chat: Chat) -> None:
    guest = await chat.guest()
    guest.tell("", "")
    assert await guest.ask("<ping/>") == "<pong/>"


async def test_a_message_too_big_is_an_error_and_the_next_one_is_heard(chats: Chats) -> None:
    chat = await chats.start(ChatLimits(max_message_bytes=100))
    guest = await chat.guest()
    assert await guest.ask(f"<say>{'x' * 100}</say>") == (
        '<error code="too-big">a message has at most 100 bytes</error>'
    )
    assert await guest.ask("<ping/>") == "<pong/>"


async def test_a_stream_may_be_cut_at_every_byte(chat: Chat) -> None:
    stream = '<join name="ü"/>\0\0<say>hi</say>\0<ping/>\0'.encode()
    other = await chat.guest()
    for cut in range(1, len(stream)):
        visitor = await chat.guest()
        visitor.write(stream[:cut])
        # Once a later request of somebody else is answered, the first part has been read.
        await heard(other, "<pong/>", by_telling="<ping/>")
        visitor.write(stream[cut:])
        visitor.end()
        assert await visitor.rest() == (
            '<joined name="ü"/>\0<said from="ü">hi</said>\0<pong/>\0'.encode()
        )
        await heard(other, '<left name="ü"/>')


async def test_a_policy_request_is_answered_by_the_policy_alone(chats: Chats) -> None:
    chat = await chats.start(ChatLimits(policy_grace_s=ALWAYS_S))
    player = await chat.connect()
    player.tell("<policy-file-request/>")
    assert (await player.rest()).decode() == (
        '<?xml version="1.0"?><cross-domain-policy>'
        f'<allow-access-from domain="*" to-ports="{chat.port}"/></cross-domain-policy>\0'
    )


async def test_a_late_policy_request_is_answered_too_and_ends_the_connection(chat: Chat) -> None:
    guest = await chat.guest()
    guest.tell("<policy-file-request/>", "<ping/>")
    answers = (await guest.rest()).split(b"\0")
    assert answers[0].endswith(b"</cross-domain-policy>")
    assert answers[1:] == [b""]


async def test_one_too_many_is_turned_away_until_somebody_goes(chats: Chats) -> None:
    chat = await chats.start(ChatLimits(max_clients=2))
    ada, bob = await chat.person("ada"), await chat.person("bob")
    refused = await chat.connect()
    assert (await refused.rest()).startswith(b'<error code="full">')
    await bob.leave()
    await heard(ada, '<left name="bob"/>')
    await chat.guest()


async def test_a_slow_reader_is_dropped_and_the_others_go_on(chats: Chats) -> None:
    chat = await chats.start(ChatLimits(max_unsent_bytes=1 << 16))
    slow, ada = await chat.person("slow"), await chat.person("ada")
    slow.stop_reading()
    speech = f"<say>{'x' * 60_000}</say>"
    async with within_deadline("the end of the slow reader"):
        while (await ada.ask(speech)).startswith("<said "):
            pass  # until the kernel's buffers at both ends are full
    await heard(ada, '<people><person name="ada"/></people>', by_telling="<who/>")


async def test_stop_closes_every_connection_and_the_port(chat: Chat) -> None:
    ada, guest = await chat.person("ada"), await chat.guest()
    await chat.server.stop()
    assert (await ada.rest(), await guest.rest()) == (b"", b"")
    assert repr(chat.server) == "<ChatServer CLOSED connections=0 <Room people=0 guests=0>>"
    with pytest.raises(ConnectionRefusedError):
        await chat.connect()


async def test_stop_does_not_wait_for_a_reader_that_takes_nothing(chats: Chats) -> None:
    chat = await chats.start(ChatLimits(max_unsent_bytes=1 << 30, stop_s=0.01))
    slow, ada = await chat.person("slow"), await chat.person("ada")
    slow.stop_reading()
    for _ in range(300):  # 18 MB: more than the kernel takes for a connection
        await ada.ask(f"<say>{'x' * 60_000}</say>")
    async with within_deadline("the end of the server"):
        await chat.server.stop()


async def test_a_server_starts_again_after_its_stop(chat: Chat) -> None:
    await chat.server.stop()
    await chat.start()
    await chat.guest()


async def test_a_server_that_listens_cannot_be_started(chat: Chat) -> None:
    with pytest.raises(RuntimeError, match="listens already"):
        await chat.start()


async def test_a_taken_port_is_an_os_error_and_leaves_the_server_closed(chat: Chat) -> None:
    server = ChatServer()
    with pytest.raises(OSError, match="in use"):
        await server.start(chat.host, chat.port)
    assert repr(server).startswith("<ChatServer CLOSED ")
    await server.stop()


def test_the_chat_runs_on_uvloop() -> None:
    async def talk() -> str:
        server = ChatServer()
        visitor = await Visitor.connect(*await server.start("127.0.0.1", 0))
        visitor.tell("<say>hi</say>")
        heard = [await visitor.hear(), await visitor.hear()]
        await server.stop()
        await visitor.leave()
        return heard[-1]

    assert uvloop.run(talk()) == '<said from="guest1">hi</said>'

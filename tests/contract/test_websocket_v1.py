"""`xmlsocket.v1`: the resumable WebSocket."""

import json

import pytest

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client, Session
from tests.support.configured import MakeConfig
from tests.support.daemon import ScriptedDaemon, framed
from tests.support.sockets import Data, attach, open_v1, session_of

MAX_MESSAGE_BYTES = 100_000


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    """A bridge that acknowledges by the rule of 1 s and 64 KiB long before its heartbeat."""
    return start_bridge(config(heartbeat_s=30, max_message_bytes=MAX_MESSAGE_BYTES))


async def test_the_first_frame_opens_with_the_members_of_open(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_v1(client)
    over_http = (await client.post_open()).json()
    opened = socket.opening["open"]
    assert opened.keys() >= over_http.keys()
    for name in over_http.keys() - {"id", "key"}:
        assert opened[name] == over_http[name]
    assert socket.opening["ack"] == 0
    assert socket.opening["first"] == 1


async def test_a_session_opened_by_a_socket_serves_every_other_transport(
    client: Client, daemon: ScriptedDaemon
) -> None:
    session = session_of(client, await open_v1(client))
    connection = await daemon.accepted()
    (await session.send(b"<a/>", first=1)).empty()
    connection.say(b"<b/>")
    assert await session.peek(1) == [b"<b/>"]
    await connection.received_messages(b"<a/>")


async def test_an_attach_opens_with_the_same_id_and_key(session: Session) -> None:
    opened = (await attach(session)).opening["open"]
    assert (opened["id"], opened["key"]) == (session.id, session.key)


async def test_an_attach_counts_on_where_the_session_stands(
    session: Session, daemon: ScriptedDaemon
) -> None:
    await session.send(b"<a/>", b"<b/>")
    connection = await daemon.accepted()
    connection.say(b"<1/>", b"<2/>", b"<3/>")
    await session.peek(3)
    socket = await attach(session, ack=2)
    assert (socket.ack, socket.first) == (2, 3)
    assert await socket.received(1) == [b"<3/>"]
    await socket.send(b"<c/>")
    await connection.received_messages(b"<a/>", b"<b/>", b"<c/>")


async def test_an_attach_with_ack_forgets_what_it_acknowledges(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).say(b"<1/>", b"<2/>")
    await session.peek(2)
    await attach(session, ack=1)
    (await session.receive(ack=0)).gap()


async def test_an_attach_without_ack_begins_with_the_first_unacknowledged(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).say(b"<1/>", b"<2/>", b"<3/>")
    await session.peek(3)
    await session.send(ack=1)
    for _ in range(2):
        socket = await attach(session)
        assert socket.first == 2
        assert await socket.received(2) == [b"<2/>", b"<3/>"]


async def test_messages_go_both_ways(client: Client, daemon: ScriptedDaemon) -> None:
    daemon.echo()
    socket = await open_v1(client)
    messages = [b"<a/>", b"", "<ž>\U0001f600</ž>".encode(), b"<c/>"]
    await socket.send(*messages)
    assert await socket.received(4) == messages


async def test_one_frame_may_hold_many_messages(client: Client, daemon: ScriptedDaemon) -> None:
    socket = await open_v1(client)
    batch = [b"%d" % number for number in range(3000)]
    await socket.send(*batch)
    await (await daemon.accepted()).received_messages(*batch)


async def test_a_frame_may_come_in_fragments(client: Client, daemon: ScriptedDaemon) -> None:
    socket = await open_v1(client)
    await socket.socket.send(["<a", "/>\0<b/", ">", "\0"])
    await (await daemon.accepted()).received_messages(b"<a/>", b"<b/>")


async def test_a_control_frame_may_come_in_fragments(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_v1(client)
    await socket.socket.send(['{"cl', 'ose": ', "{}}"])
    await (await daemon.accepted()).ended()


async def test_data_frames_are_text_for_a_text_daemon(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_v1(client, "chat")
    (await daemon.accepted()).say(b"<a/>")
    await socket.received(1)
    assert [frame.is_binary for frame in socket.frames if isinstance(frame, Data)] == [False]


async def test_data_frames_are_binary_both_ways_for_a_bytes_daemon(
    client: Client, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    socket = await open_v1(client, "blob")
    messages = [bytes([value]) for value in range(1, 256)]
    await socket.socket.send(framed(messages))
    assert await socket.received(255) == messages
    assert all(frame.is_binary for frame in socket.frames if isinstance(frame, Data))


async def test_control_frames_are_text_for_a_bytes_daemon_too(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_v1(client, "blob")
    await socket.control(close={})
    await (await daemon.accepted()).ended()


async def test_the_server_acknowledges_a_single_message(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_v1(client)
    await socket.send(b"<a/>")
    await socket.acked(1)


async def test_the_server_acknowledges_a_large_amount_that_the_daemon_has_not_echoed(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_v1(client)
    for _ in range(20):
        await socket.send(b"x" * 70_000)
    await socket.acked(20)


async def test_an_ack_forgets(client: Client, daemon: ScriptedDaemon) -> None:
    socket = await open_v1(client)
    (await daemon.accepted()).say(b"<1/>", b"<2/>")
    await socket.received(2)
    await socket.acknowledge()
    # The ack of what follows it says that the socket's ack has been read.
    await socket.send(b"<a/>")
    await socket.acked(1)
    assert (await attach(session_of(client, socket))).first == 3


async def test_an_ack_may_be_repeated(client: Client, daemon: ScriptedDaemon) -> None:
    socket = await open_v1(client)
    (await daemon.accepted()).say(b"<1/>")
    await socket.received(1)
    for _ in range(3):
        await socket.acknowledge()
    await socket.send(b"<a/>")
    await socket.acked(1)


@pytest.mark.parametrize(
    "frame",
    ["{}", '{"unknown": 1}', '{"ack": 0, "unknown": [{}, null]}', ' {"a": "b"} \n', '{"a": {}}'],
)
async def test_unknown_members_of_a_control_frame_are_ignored(
    client: Client, daemon: ScriptedDaemon, frame: str
) -> None:
    socket = await open_v1(client)
    await socket.socket.send(frame)
    await socket.send(b"<a/>")
    await (await daemon.accepted()).received_messages(b"<a/>")


async def test_a_number_accepted_over_another_transport_is_skipped(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_v1(client)
    await session_of(client, socket).send(b"<a/>", b"<b/>", first=1)
    await socket.send(b"<a/>", b"<b/>", b"<c/>")
    await socket.acked(3)
    await socket.send(b"<end/>")
    await (await daemon.accepted()).received_messages(b"<a/>", b"<b/>", b"<c/>", b"<end/>")


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (b"<a>", "not-well-formed"),
        (b"<a>" + b"x" * MAX_MESSAGE_BYTES + b"</a>", "message-too-big"),
    ],
)
async def test_a_refused_message_is_rejected_and_those_after_it_go_on(
    client: Client, daemon: ScriptedDaemon, bad: bytes, code: str
) -> None:
    socket = await open_v1(client, "strict")
    await socket.send(b"<a/>", bad, b"<c/>")
    reject = await socket.told("reject")
    assert reject["message"] == 2
    assert reject["code"] == code
    assert isinstance(reject["detail"], str)
    await socket.acked(3)
    await (await daemon.accepted()).received_messages(b"<a/>", b"<c/>")


async def test_each_refused_message_is_rejected(client: Client, daemon: ScriptedDaemon) -> None:
    socket = await open_v1(client, "strict")
    await socket.send(b"<a>", b"<b/>", b"<c>")
    await socket.acked(3)
    await socket.told("reject")
    while len(rejects := [frame["reject"] for frame in socket.controls if "reject" in frame]) < 2:
        await socket.read_frame()
    assert [reject["message"] for reject in rejects] == [1, 3]


async def test_a_reject_is_repeated_after_the_open_frame_of_an_attach(
    client: Client, daemon: ScriptedDaemon
) -> None:
    session = await client.open("strict")
    await session.send(b"<a/>", b"<b>", first=1)
    socket = await attach(session)
    assert socket.ack == 2
    frame = await socket.read_frame()
    assert isinstance(frame, dict)
    assert frame["reject"]["message"] == 2
    assert frame["reject"]["code"] == "not-well-formed"


async def test_a_client_that_vanished_before_the_reject_learns_of_it_when_it_attaches(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_v1(client, "strict")
    await socket.send(b"<a>", b"<b/>")
    await (await daemon.accepted()).received_messages(b"<b/>")
    socket.vanish()
    again = await attach(session_of(client, socket))
    assert again.ack == 2
    assert (await again.told("reject"))["message"] == 1


async def test_a_number_refused_over_http_is_used_up_when_a_socket_repeats_it(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_v1(client, "strict")
    await session_of(client, socket).send(b"<a>", first=1)
    await socket.send(b"<a>", b"<b/>")
    await (await daemon.accepted()).received_messages(b"<b/>")
    await socket.acked(2)


async def test_the_clients_close_ends_the_session(client: Client, daemon: ScriptedDaemon) -> None:
    socket = await open_v1(client)
    await socket.send(b"<a/>", b"<b/>")
    await socket.control(close={})
    await socket.closed()
    assert await (await daemon.accepted()).ended() == b"<a/>\0<b/>\0"
    answer = await session_of(client, socket).receive()
    assert answer.status in {404, 410}


async def test_the_servers_close_follows_the_tail_and_the_last_ack(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_v1(client)
    connection = await daemon.accepted()
    await socket.send(b"<a/>", b"<b/>")
    await connection.received_messages(b"<a/>", b"<b/>")
    connection.say(b"<bye/>")
    connection.close()
    close = await socket.told("close")
    assert close["code"] == "daemon-closed"
    assert isinstance(close["detail"], str)
    assert socket.ack == 2
    assert socket.messages == [b"<bye/>"]
    await socket.closed()


async def test_after_the_servers_close_the_socket_is_closed(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_v1(client)
    (await daemon.accepted()).close()
    await socket.closed()
    last = socket.frames[-1]
    assert isinstance(last, dict)
    assert "close" in last


async def test_a_socket_that_closes_leaves_the_session_resumable(
    client: Client, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    socket = await open_v1(client)
    await socket.send(b"<a/>")
    await socket.received(1)
    await socket.socket.close()
    again = await attach(session_of(client, socket))
    assert (again.ack, again.first) == (1, 1)
    assert await again.received(1) == [b"<a/>"]


async def test_a_socket_that_vanishes_leaves_the_session_resumable(
    client: Client, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    socket = await open_v1(client)
    await socket.send(b"<a/>")
    await socket.received(1)
    socket.vanish()
    again = await attach(session_of(client, socket), ack=1)
    await again.send(b"<b/>")
    assert await again.received(1) == [b"<b/>"]
    await daemon.connections[0].received_messages(b"<a/>", b"<b/>")


async def test_the_newest_socket_displaces_the_older_with_4409(
    session: Session, daemon: ScriptedDaemon
) -> None:
    older = await attach(session)
    newer = await attach(session)
    assert await older.closed() == 4409
    (await daemon.accepted()).say(b"<a/>")
    assert await newer.received(1) == [b"<a/>"]


async def test_a_poll_displaces_a_socket(session: Session, daemon: ScriptedDaemon) -> None:
    socket = await attach(session)
    (await session.receive(ack=0)).empty()
    assert await socket.closed() == 4409


async def test_a_socket_displaces_a_parked_poll(session: Session, daemon: ScriptedDaemon) -> None:
    poll = await session.park(ack=0)
    socket = await attach(session)
    (await poll).problem(409, "displaced")
    (await daemon.accepted()).say(b"<a/>")
    assert await socket.received(1) == [b"<a/>"]


async def test_a_socket_displaces_a_stream(session: Session, daemon: ScriptedDaemon) -> None:
    async with session.events() as stream:
        await attach(session)
        event = await stream.next()
        assert event is not None
        assert event.name == "displaced"


async def test_a_stream_displaces_a_socket(session: Session, daemon: ScriptedDaemon) -> None:
    socket = await attach(session)
    async with session.events():
        assert await socket.closed() == 4409


async def test_a_send_without_wait_leaves_the_socket_attached(
    client: Client, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    socket = await open_v1(client)
    await session_of(client, socket).send(b"<a/>")
    assert await socket.received(1) == [b"<a/>"]


async def test_json_with_messages_is_a_control_frame_and_no_data(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_v1(client)
    await socket.socket.send(json.dumps({"messages": ["<a/>"]}))
    await socket.send(b"<b/>")
    await (await daemon.accepted()).received_messages(b"<b/>")

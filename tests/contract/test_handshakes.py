"""WebSocket handshakes: what is echoed, and what is refused, as problems, before any 101."""

import pytest

from tests.support.clients import Client, Session
from tests.support.daemon import ScriptedDaemon
from tests.support.sockets import V1

DAEMON_PATHS = ["v1/daemons/{}/websocket", "v1/daemons/{}/raw"]


def attaching(session: Session) -> list[str]:
    return [V1, f"key.{session.key}"]


@pytest.mark.parametrize("path", DAEMON_PATHS)
@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("nobody", 404, "unknown-daemon"),
        ("dead", 502, "daemon-unreachable"),
        ("silent", 504, "daemon-timeout"),
    ],
)
async def test_a_socket_that_cannot_open_is_refused_with_the_problem_of_open(
    client: Client, path: str, name: str, status: int, code: str
) -> None:
    (await client.handshake(path.format(name))).problem(status, code)


async def test_a_v1_socket_to_a_daemon_that_is_down_is_refused_before_the_101(
    client: Client,
) -> None:
    answer = await client.handshake("v1/daemons/dead/websocket", [V1])
    answer.problem(502, "daemon-unreachable")


@pytest.mark.parametrize("path", DAEMON_PATHS)
async def test_a_get_without_upgrade_is_a_problem_and_opens_nothing(
    client: Client, daemon: ScriptedDaemon, path: str
) -> None:
    answer = await client.request("GET", path.format("chat"))
    assert answer.status in {400, 426}
    answer.problem(answer.status)
    assert daemon.connections == []


@pytest.mark.parametrize("path", DAEMON_PATHS)
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Sec-WebSocket-Version": "12"}, id="other version"),
        pytest.param({"Sec-WebSocket-Key": "short"}, id="bad key"),
        pytest.param({"Sec-WebSocket-Key": ""}, id="empty key"),
        pytest.param({"Upgrade": "h2c"}, id="other upgrade"),
    ],
)
async def test_a_bad_handshake_is_a_problem_and_opens_nothing(
    client: Client, daemon: ScriptedDaemon, path: str, headers: dict[str, str]
) -> None:
    answer = await client.handshake(path.format("chat"), headers=headers)
    assert answer.status in {400, 426}
    answer.problem(answer.status)
    assert daemon.connections == []


async def test_attaching_to_an_unknown_session_is_refused(client: Client) -> None:
    offered = [V1, "key.nnnnnnnnnnnnnnnnnnnnnn"]
    answer = await client.handshake("v1/sessions/a-nobody/websocket", offered)
    answer.problem(404, "unknown-session")


async def test_attaching_without_a_key_is_refused_as_an_unknown_session(session: Session) -> None:
    answer = await session.client.handshake(f"{session.path}/websocket", [V1])
    answer.problem(404, "unknown-session")


@pytest.mark.parametrize("offered", [[], ["xmlsocket"], ["binary"]])
async def test_attaching_without_offering_v1_is_a_bad_request(
    session: Session, offered: list[str]
) -> None:
    answer = await session.client.handshake(
        f"{session.path}/websocket", offered, headers=session.with_key()
    )
    answer.problem(400)


@pytest.mark.parametrize("ack", [1, 1000])
async def test_attaching_with_an_ack_above_what_was_ever_sent_is_a_gap(
    session: Session, ack: int
) -> None:
    path = f"{session.path}/websocket"
    (await session.client.handshake(path, attaching(session), f"ack={ack}")).gap()


async def test_attaching_with_an_ack_below_what_is_still_held_is_a_gap(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).say(b"<a/>", b"<b/>")
    await session.peek(2)
    await session.send(ack=2)
    path = f"{session.path}/websocket"
    (await session.client.handshake(path, attaching(session), "ack=1")).gap()


async def test_attaching_after_the_end_and_its_tail_is_refused_with_the_close_code(
    session: Session, daemon: ScriptedDaemon
) -> None:
    (await daemon.accepted()).close()
    await session.ended()
    answer = await session.client.handshake(f"{session.path}/websocket", attaching(session))
    answer.problem(410, "daemon-closed")


@pytest.mark.parametrize("query", ["ack=99", "ack=x"])
async def test_a_refused_attach_displaces_nobody(
    session: Session, daemon: ScriptedDaemon, query: str
) -> None:
    poll = await session.park(ack=0)
    answer = await session.client.handshake(f"{session.path}/websocket", attaching(session), query)
    assert answer.status in {400, 409}
    (await daemon.accepted()).say(b"<a/>")
    assert (await poll).messages == [b"<a/>"]


async def test_v1_is_echoed_when_it_opens(client: Client, daemon: ScriptedDaemon) -> None:
    socket = await client.websocket("v1/daemons/chat/websocket", [V1])
    assert socket.subprotocol == V1


async def test_of_v1_and_the_key_only_v1_is_echoed(session: Session) -> None:
    socket = await session.client.websocket(f"{session.path}/websocket", attaching(session))
    assert socket.subprotocol == V1
    assert socket.response is not None
    assert session.key not in str(socket.response.headers)


async def test_the_key_may_be_offered_before_v1(session: Session) -> None:
    offered = list(reversed(attaching(session)))
    socket = await session.client.websocket(f"{session.path}/websocket", offered)
    assert socket.subprotocol == V1


@pytest.mark.parametrize("name", ["Authorization", "XMLSocket-Key"])
async def test_the_key_of_an_attach_may_come_in_a_header(session: Session, name: str) -> None:
    headers = {name: session.key if name == "XMLSocket-Key" else f"Bearer {session.key}"}
    path = f"{session.path}/websocket"
    socket = await session.client.websocket(path, [V1], headers=headers)
    assert socket.subprotocol == V1


async def test_plain_is_echoed_if_offered(client: Client, daemon: ScriptedDaemon) -> None:
    socket = await client.websocket("v1/daemons/chat/websocket", ["xmlsocket"])
    assert socket.subprotocol == "xmlsocket"


async def test_without_a_subprotocol_none_is_echoed(client: Client, daemon: ScriptedDaemon) -> None:
    assert (await client.websocket("v1/daemons/chat/websocket")).subprotocol is None
    assert (await client.websocket("v1/daemons/chat/raw")).subprotocol is None


async def test_raw_echoes_binary_if_offered(client: Client, daemon: ScriptedDaemon) -> None:
    socket = await client.websocket("v1/daemons/chat/raw", ["binary"])
    assert socket.subprotocol == "binary"


async def test_raw_echoes_binary_though_others_are_offered_first(
    client: Client, daemon: ScriptedDaemon
) -> None:
    """websockify's older clients offer base64 too."""
    socket = await client.websocket("v1/daemons/chat/raw", ["base64", "binary"])
    assert socket.subprotocol == "binary"


async def test_the_101_says_no_store(client: Client, daemon: ScriptedDaemon) -> None:
    socket = await client.websocket("v1/daemons/chat/websocket")
    assert socket.response is not None
    assert "no-store" in socket.response.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("path", "offered"),
    [
        ("v1/daemons/blob/websocket", [V1]),
        ("v1/daemons/blob/websocket", []),
        ("v1/daemons/blob/raw", ["binary"]),
    ],
)
async def test_a_client_that_offers_compression_as_browsers_do_is_served(
    client: Client, daemon: ScriptedDaemon, path: str, offered: list[str]
) -> None:
    daemon.echo()
    socket = await client.websocket(path, offered, compression="deflate")
    if offered == [V1]:
        await socket.recv()
    await socket.send(b"x" * 1000 + b"\0")
    assert await socket.recv() in {b"x" * 1000, b"x" * 1000 + b"\0"}


@pytest.mark.parametrize("path", ["v1/daemons/blob/websocket", "v1/daemons/blob/raw"])
async def test_an_orderly_close_is_answered_in_kind(
    client: Client, daemon: ScriptedDaemon, path: str
) -> None:
    socket = await client.websocket(path)
    await socket.close(1000)
    assert socket.close_code == 1000


async def test_the_daemons_name_may_be_percent_encoded(
    client: Client, daemon: ScriptedDaemon
) -> None:
    await client.websocket("v1/daemons/%63hat/websocket")
    await client.websocket("v1/daemons/game.example.com%3A9339/raw")
    await daemon.accepted()
    await daemon.accepted()

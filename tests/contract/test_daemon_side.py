"""What the daemon is told of a client, whichever way that comes."""

import re
from collections.abc import Awaitable, Callable

import pytest

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client
from tests.support.configured import MakeConfig
from tests.support.daemon import ScriptedDaemon
from tests.support.deadline import within_deadline

Opening = Callable[[Client, str], Awaitable[object]]


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    address = config()["daemons"]["chat"]["address"]
    told = {"address": address, "messages": "text"}
    greeting = '<hello id="{session}" from="{address}" user="{user}"/>'
    daemons = {
        "told": {**told, "proxy_protocol": "v1"},
        "greeted": {**told, "messages": "xml", "greeting": greeting},
        "foreign": {**told, "messages": "xml", "encoding": "windows-1252"},
        "replaced": {
            **told,
            "messages": "xml",
            "encoding": "windows-1252",
            "encoding_errors": "replace",
        },
        "both": {**told, "proxy_protocol": "v1", "greeting": "hello {address}"},
    }
    return start_bridge(config(daemons=daemons))


async def by_request(client: Client, daemon: str) -> object:
    return await client.open(daemon)


async def by_exchange(client: Client, daemon: str) -> object:
    return await client.post_exchange(b"", daemon=daemon, replies=0)


async def by_v1(client: Client, daemon: str) -> object:
    return await client.websocket(f"v1/daemons/{daemon}/websocket", ["xmlsocket.v1"])


async def by_plain(client: Client, daemon: str) -> object:
    return await client.websocket(f"v1/daemons/{daemon}/websocket", [])


async def by_raw(client: Client, daemon: str) -> object:
    return await client.websocket(f"v1/daemons/{daemon}/raw", [])


@pytest.fixture(params=[by_request, by_exchange, by_v1, by_plain, by_raw])
def opening(request: pytest.FixtureRequest) -> Opening:
    """Opens a session with a daemon, in each way that there is."""
    opens: Opening = request.param
    return opens


async def test_a_proxy_header_names_the_client(
    client: Client, daemon: ScriptedDaemon, opening: Opening
) -> None:
    opened = await opening(client, "told")
    connection = await daemon.accepted()
    port = connection.transport.get_extra_info("sockname")[1]
    around = b"PROXY TCP4 127.0.0.1 127.0.0.1 ", b" %d\r\n" % port
    header = await connection.received(len(b"1".join(around)))  # it comes in one piece
    assert re.fullmatch(rb"[1-9][0-9]*".join(map(re.escape, around)), header)
    assert opened is not None


async def test_a_greeting_is_the_first_message(
    client: Client, daemon: ScriptedDaemon, opening: Opening
) -> None:
    await opening(client, "greeted")
    connection = await daemon.accepted()
    greeting = await connection.received(1)
    form = rb'<hello id="a-[A-Za-z0-9_-]+" from="127\.0\.0\.1" user=""/>\0'
    assert re.fullmatch(form, greeting)


async def test_a_greeting_names_the_session_and_is_none_of_its_messages(
    client: Client, daemon: ScriptedDaemon
) -> None:
    session = await client.open("greeted")
    daemon.echo()
    greeting = f'<hello id="{session.id}" from="127.0.0.1" user=""/>'.encode()
    answer = await session.send(b"<a/>", first=1)
    assert answer.headers["XMLSocket-Ack"] == "1"
    await (await daemon.accepted()).received_messages(greeting, b"<a/>")


async def test_a_greeting_comes_behind_a_proxy_header(
    client: Client, daemon: ScriptedDaemon
) -> None:
    session = await client.open("both")
    await session.delete()
    assert (await (await daemon.accepted()).ended()).endswith(b"\r\nhello 127.0.0.1\0")


# -- encoding

EURO = "<a>\u20ac</a>"
IN_1252 = b"<a>\x80</a>"


async def test_requests_speak_utf_8_whatever_the_daemon_speaks(
    client: Client, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    session = await client.open("foreign")
    assert (await session.post_json(f'{{"messages": ["{EURO}"]}}')).status == 204
    await (await daemon.accepted()).received_messages(IN_1252)
    assert await session.collect(1) == [EURO.encode()]


async def test_an_exchange_speaks_utf_8_whatever_the_daemon_speaks(
    client: Client, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    answer = await client.exchange(EURO.encode(), daemon="foreign")
    assert answer.messages == [EURO.encode()]
    await (await daemon.accepted()).received_messages(IN_1252)


@pytest.mark.parametrize(("path", "frame"), [("websocket", EURO), ("raw", EURO.encode() + b"\0")])
async def test_a_socket_speaks_utf_8_whatever_the_daemon_speaks(
    client: Client, daemon: ScriptedDaemon, path: str, frame: str | bytes
) -> None:
    daemon.echo()
    socket = await client.websocket(f"v1/daemons/foreign/{path}", [])
    await socket.send(frame)
    async with within_deadline("the echo"):
        assert await socket.recv() == frame
    await (await daemon.accepted()).received_messages(IN_1252)


@pytest.mark.parametrize(
    ("message", "code"), [("<a>\u65e5</a>", "bad-encoding"), ("\u20ac", "not-well-formed")]
)
async def test_what_the_daemon_cannot_have_is_refused_before_it_sees_a_byte(
    client: Client, daemon: ScriptedDaemon, message: str, code: str
) -> None:
    session = await client.open("foreign")
    answer = await session.send(EURO.encode(), message.encode(), first=1)
    assert answer.problem(400, code)["message"] == 2
    await session.delete()
    assert await (await daemon.accepted()).ended() == IN_1252 + b"\0"


@pytest.mark.parametrize(
    "message",
    [
        "<a><?p \u0416><evil></a>",
        "<a \u0416='1' \u0428='2'/>",
        "<\u0416xml version='1.0'/>",
    ],
)
async def test_what_would_be_no_xml_once_replaced_is_refused(
    client: Client, daemon: ScriptedDaemon, message: str
) -> None:
    session = await client.open("replaced")
    answer = await session.send("<a>\u0416</a>".encode(), message.encode(), first=1)
    assert answer.problem(400, "not-well-formed")["message"] == 2
    await session.delete()
    assert await (await daemon.accepted()).ended() == b"<a>?</a>\0"

"""What the daemon is told of a client, whichever way that comes."""

import re
from collections.abc import Awaitable, Callable

import pytest

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client
from tests.support.configured import MakeConfig
from tests.support.daemon import ScriptedDaemon

Opening = Callable[[Client, str], Awaitable[object]]


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    address = config()["daemons"]["chat"]["address"]
    told = {"address": address, "messages": "text"}
    greeting = '<hello id="{session}" from="{address}" user="{user}"/>'
    daemons = {
        "told": {**told, "proxy_protocol": "v1"},
        "greeted": {**told, "messages": "xml", "greeting": greeting},
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

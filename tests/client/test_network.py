"""Networks that break, refuse WebSockets, or have a proxy in between."""

import asyncio
import socket
from collections.abc import Callable

import aiohttp
import pytest

from bridge.client import NotOpened, Options, SessionEnded, State, Transport, XmlSocket
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client, Session
from tests.support.daemon import ScriptedDaemon
from tests.support.deadline import within_deadline
from tests.web.cable import Cable, WebSockets

ALL: list[Transport] = ["websocket", "event-stream", "long-poll"]
SOON_S = 0.2


async def until(socket: XmlSocket, satisfied: Callable[[], bool], what: str) -> None:
    async with within_deadline(what):
        await socket.until(satisfied)


async def uses(socket: XmlSocket, transport: Transport) -> None:
    await until(socket, lambda: socket.transport == transport, transport)


@pytest.mark.parametrize("transports", [*([name] for name in ALL), ALL], ids="-or-".join)
async def test_nothing_is_lost_or_doubled_when_connections_break(
    cable: Cable, daemon: ScriptedDaemon, transports: list[Transport]
) -> None:
    daemon.echo()
    options = Options(messages="text", transports=transports)
    expected = [str(number) for number in range(800)]
    got: list[str | bytes] = []
    async with XmlSocket.connect(cable.url, "text", options) as socket:
        for start in range(0, 800, 200):
            for message in expected[start : start + 200]:
                await socket.send(message)
            cable.cut()
            async with within_deadline("half of it"):
                got += [await socket.receive() for _ in range(100)]
            cable.cut()
        async with within_deadline("the rest"):
            got += [await socket.receive() for _ in range(400)]
        assert got == expected
        connection = await daemon.accepted()
        await connection.received_messages(*(message.encode() for message in expected))


async def test_what_was_sent_while_the_network_was_away_arrives(
    cable: Cable, daemon: ScriptedDaemon
) -> None:
    async with XmlSocket.connect(cable.url, "text") as socket:
        connection = await daemon.accepted()
        cable.unplug()
        await until(socket, lambda: socket.state is State.RESUMING, "the break")
        await socket.send("<a/>")
        cable.is_plugged = True
        await connection.received_messages(b"<a/>")
        assert socket.connected


@pytest.mark.parametrize("way", [WebSockets.REFUSED, WebSockets.SWALLOWED])
@pytest.mark.parametrize("other", ["event-stream", "long-poll"])
async def test_where_websockets_do_not_get_through_another_transport_does(
    cable: Cable, daemon: ScriptedDaemon, way: WebSockets, other: Transport
) -> None:
    daemon.echo()
    cable.websockets = way
    options = Options(transports=["websocket", other], open_timeout_s=SOON_S)
    async with XmlSocket.connect(cable.url, "text", options) as socket:
        await socket.send("<a/>")
        assert await socket.receive() == "<a/>"
        assert socket.transport == other


async def test_the_best_transport_is_returned_to_in_mid_stream(
    cable: Cable, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    cable.websockets = WebSockets.REFUSED
    options = Options(transports=["websocket", "long-poll"], return_after_s=SOON_S)
    async with XmlSocket.connect(cable.url, "text", options) as socket:
        await uses(socket, "long-poll")
        await socket.send("<a/>")
        cable.websockets = WebSockets.PASSED
        await uses(socket, "websocket")
        await socket.send("<b/>")
        async with within_deadline("both"):
            assert [await socket.receive() for _ in range(2)] == ["<a/>", "<b/>"]
        assert len(daemon.connections) == 1


async def test_where_websocket_is_the_only_transport_a_failure_says_so(cable: Cable) -> None:
    cable.websockets = WebSockets.REFUSED
    with pytest.raises(NotOpened, match="websocket-failed"):
        async with XmlSocket.connect(cable.url, "text", Options(transports=["websocket"])):
            pass


async def test_a_bridge_out_of_reach_for_longer_than_it_keeps_a_session_is_given_up(
    start_bridge: StartBridge, daemon: ScriptedDaemon, daemon_address: str
) -> None:
    short = {"resume_s": 0.5, "heartbeat_s": 0.2, "wait_s": 0.2}
    bridge = start_bridge({"daemons": {"text": {"address": daemon_address}}, **short})
    async with Cable(bridge.url) as cable, XmlSocket.connect(cable.url, "text") as socket:
        cable.unplug()
        with pytest.raises(SessionEnded, match=r"unreachable: .* for too long: ") as ended:
            async with within_deadline("the end"):
                await socket.receive()
        assert isinstance(ended.value.__cause__, aiohttp.ClientError | OSError)


@pytest.mark.parametrize("transports", [["websocket"], ["long-poll"], ALL], ids="-or-".join)
async def test_what_was_sent_before_closing_arrives_though_the_network_is_away(
    cable: Cable, daemon: ScriptedDaemon, transports: list[Transport]
) -> None:
    options = Options(transports=transports)
    async with XmlSocket.connect(cable.url, "text", options) as socket:
        connection = await daemon.accepted()
        cable.unplug()
        await until(socket, lambda: socket.state is State.RESUMING, "the break")
        await socket.send("<a/>")
        closing = asyncio.ensure_future(socket.close())
        cable.is_plugged = True
        await closing
        assert socket.numbers.acknowledged == 1
        assert await connection.ended() == b"<a/>\0"


async def test_a_program_that_polls_and_lags_behind_is_not_taken_for_gone(
    start_bridge: StartBridge, daemon: ScriptedDaemon, daemon_address: str
) -> None:
    short = {"resume_s": 0.5, "wait_s": 0.2}
    bridge = start_bridge({"daemons": {"text": {"address": daemon_address}}, **short})
    options = Options(transports=["long-poll"], max_held_bytes=1)
    async with XmlSocket.connect(bridge.url, "text", options) as socket:
        connection = await daemon.accepted()
        connection.say(b"one")
        await until(socket, lambda: socket.has_message, "a message")
        connection.say(b"two")
        late_at = asyncio.get_running_loop().time() + 3 * short["resume_s"]
        await until(socket, lambda: socket.heard_at > late_at, "signs of life")
        async with within_deadline("both"):
            assert [await socket.receive() for _ in range(2)] == ["one", "two"]


async def test_connecting_can_be_given_up(silent_port: int) -> None:
    connecting = XmlSocket.connect(f"http://127.0.0.1:{silent_port}/", "text")
    entering = asyncio.ensure_future(connecting.__aenter__())
    await asyncio.sleep(0)
    entering.cancel()
    async with within_deadline("the end"):
        with pytest.raises(asyncio.CancelledError):
            await entering


async def test_another_receiver_takes_nothing_away(
    bridge: RunningBridge, daemon: ScriptedDaemon
) -> None:
    options = Options(transports=["long-poll"])
    async with (
        XmlSocket.connect(bridge.url, "text", options) as socket,
        Client(bridge.url) as http,
    ):
        connection = await daemon.accepted()
        session = socket._link.session
        assert session is not None
        other = Session(http, session.opening.id, session.opening.key)
        connection.say(b"one")
        assert await socket.receive() == "one"
        await other.receive(1)
        connection.say(b"two")
        async with within_deadline("the next"):
            assert await socket.receive() == "two"


@pytest.mark.parametrize("transport", ALL)
async def test_a_bridge_that_stops_says_when_to_come_back(
    start_bridge: StartBridge, daemon: ScriptedDaemon, daemon_address: str, transport: Transport
) -> None:
    bridge = start_bridge({"daemons": {"text": {"address": daemon_address}}})
    options = Options(transports=[transport])
    async with XmlSocket.connect(bridge.url, "text", options) as socket:
        await daemon.accepted()
        stopping = asyncio.ensure_future(asyncio.to_thread(bridge.stop))
        with pytest.raises(SessionEnded, match="shutdown") as ended:
            async with within_deadline("the end"):
                await socket.receive()
        assert ended.value.retry_after_s >= 5
        await stopping


@pytest.mark.parametrize("transport", ALL)
@pytest.mark.parametrize("is_environment", [False, True], ids=["option", "environment"])
async def test_requests_and_sockets_go_through_a_proxy(
    cable: Cable,
    daemon: ScriptedDaemon,
    monkeypatch: pytest.MonkeyPatch,
    transport: Transport,
    is_environment: bool,
) -> None:
    """The bridge is known to the proxy alone."""
    daemon.echo()
    monkeypatch.setenv("http_proxy", cable.url)
    monkeypatch.delenv("no_proxy", raising=False)
    proxy = None if is_environment else cable.url
    options = Options(transports=[transport], trust_env=is_environment, proxy=proxy)
    async with XmlSocket.connect("http://bridge.invalid/", "text", options) as socket:
        await socket.send("<a/>")
        async with within_deadline("the echo"):
            assert await socket.receive() == "<a/>"


async def test_who_sends_faster_than_a_limit_allows_is_slowed_and_not_taken_for_broken(
    start_bridge: StartBridge, daemon_socket: socket.socket, daemon: ScriptedDaemon
) -> None:
    address = f"127.0.0.1:{daemon_socket.getsockname()[1]}"
    pace = {"messages_per_s": 20, "burst_s": 0.1}
    limited = {"address": address, "messages": "text", "up": pace}
    bridge = start_bridge({"wait_s": 0.2, "daemons": {"text": limited}})
    messages = [str(number) for number in range(30)]
    options = Options(messages="text", transports=["long-poll"])
    async with XmlSocket.connect(bridge.url, "text", options) as client:
        breaks = asyncio.ensure_future(client.until(lambda: client.state is State.RESUMING))
        for message in messages:
            await client.send(message)
        connection = await daemon.accepted()
        await connection.received_messages(*(message.encode() for message in messages))
        assert not breaks.done()
        breaks.cancel()

"""The JavaScript client, in a browser and against the bridge as it is run."""

import pytest
from playwright.async_api import Page

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.daemon import ScriptedDaemon, framed
from tests.web.cable import Cable, WebSockets
from tests.web.pages import demand
from tests.web.probe import Probe

pytestmark = pytest.mark.asyncio(loop_scope="module")

WEBSOCKET = ["websocket"]
LONG_POLL = ["long-poll"]
BOTH = ["websocket", "long-poll"]

each_transport = pytest.mark.parametrize("transports", [WEBSOCKET, LONG_POLL], ids=lambda t: t[0])


def numbered(first: int, last: int) -> list[str]:
    """Messages that tell their place."""
    return [f"<n>{number}</n>" for number in range(first, last + 1)]


@each_transport
async def test_messages_pass_both_ways_in_order(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page, transports: list[str]
) -> None:
    daemon.echo()
    probe = await Probe.make(page, bridge.url, transports=transports)
    await probe.connect("text")
    messages = [*numbered(1, 50), "", "\ufeff žluťoučký 🐎"]
    await probe.send(*messages)
    assert await probe.received(len(messages)) == messages
    assert await probe.run("probe.numbers") == list(range(1, len(messages) + 1))
    assert await probe.run("probe.states") == ["connecting", *transports]


async def test_host_and_port_name_a_daemon_by_its_alias(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page
) -> None:
    probe = await Probe.make(page, bridge.url)
    await probe.connect("game.example.com", 9339)
    assert await probe.run("probe.connects") == [True]
    await daemon.accepted()


async def test_documents_and_elements_are_sent_as_xml_and_all_else_as_its_text(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page
) -> None:
    probe = await Probe.make(page, bridge.url)
    await probe.connect("xml")
    await probe.run("(probe.doc = document.implementation.createDocument(null, 'a'), 0)")
    await probe.run("(probe.doc.documentElement.setAttribute('b', '1'), 0)")
    await probe.run("probe.doc.documentElement.append(probe.doc.createElement('c'))")
    await probe.run("socket.send(probe.doc)")
    await probe.run("socket.send(probe.doc.documentElement.firstChild)")
    await probe.run("socket.send({ toString: () => '<d/>' })")
    connection = await daemon.accepted()
    await connection.received_messages(b'<a b="1"><c/></a>', b"<c/>", b"<d/>")


@each_transport
async def test_bytes_pass_as_they_are(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page, transports: list[str]
) -> None:
    daemon.echo()
    probe = await Probe.make(page, bridge.url, transports=transports, messages="bytes")
    await probe.connect("bytes")
    await probe.run("socket.send(Uint8Array.of(255, 1, 128))")
    await probe.run("socket.send(Uint8Array.of())")
    assert await probe.received(2) == [[255, 1, 128], []]


async def test_on_data_calls_on_xml_unless_it_is_replaced(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page
) -> None:
    probe = await Probe.make(page, bridge.url)
    await probe.run("(probe.parsed = [], socket.onXML = (doc) => probe.parsed.push(doc.nodeName))")
    await probe.connect("text")
    connection = await daemon.accepted()
    connection.say(b"<a/>", b"", b"%xt%is%no%xml%")
    await probe.received(3)
    assert await probe.run("probe.parsed.length") == 1
    await probe.run("(socket.onData = () => {}, 0)")
    connection.say(b"<b/>")
    await probe.received(4)
    assert await probe.run("probe.parsed.length") == 1
    assert await probe.run("probe.xml") == ["a", "b"]


@pytest.mark.parametrize("transports", [WEBSOCKET, LONG_POLL, BOTH], ids="-or-".join)
async def test_nothing_is_lost_or_doubled_when_connections_break(
    cable: Cable, daemon: ScriptedDaemon, page: Page, transports: list[str]
) -> None:
    daemon.echo()
    probe = await Probe.make(page, cable.url, transports=transports)
    await probe.connect("text")
    connection = await daemon.accepted()
    for first in (1, 201, 401, 601):
        await probe.send(*numbered(first, first + 199))
        cable.cut()
        await probe.received(first + 99)
        cable.cut()
    expected = numbered(1, 800)
    assert await probe.received(800) == expected
    await connection.received_messages(*(message.encode() for message in expected))
    assert await probe.run("probe.numbers") == list(range(1, 801))
    if transports != LONG_POLL:  # an idle connection that broke is replaced by the browser itself
        assert "resuming" in await probe.run("probe.states")
    assert await probe.run("[probe.errors, probe.closes]") == [[], []]


async def test_what_was_sent_while_the_network_was_away_arrives(
    cable: Cable, daemon: ScriptedDaemon, page: Page
) -> None:
    probe = await Probe.make(page, cable.url)
    await probe.connect("text")
    connection = await daemon.accepted()
    cable.unplug()
    await probe.until("socket.state === 'resuming'")
    await probe.send("<a/>", "<b/>")
    assert await probe.run("[socket.connected, socket.bufferedAmount]") == [True, 10]
    connection.say(b"<c/>")
    cable.is_plugged = True
    await connection.received_messages(b"<a/>", b"<b/>")
    assert await probe.received(1) == ["<c/>"]
    await probe.until("socket.bufferedAmount === 0")


@pytest.mark.parametrize("fate", [WebSockets.REFUSED, WebSockets.SWALLOWED])
async def test_polls_carry_where_websockets_do_not_get_through(
    cable: Cable, daemon: ScriptedDaemon, page: Page, fate: WebSockets
) -> None:
    daemon.echo()
    cable.websockets = fate
    probe = await Probe.make(page, cable.url, openTimeoutMs=300)
    await probe.connect("text")
    await probe.send("<a/>")
    assert await probe.received(1) == ["<a/>"]
    assert await probe.run("probe.states") == ["connecting", "long-poll"]


async def test_a_websocket_that_was_given_up_leaves_nobody_behind(
    cable: Cable, daemon: ScriptedDaemon, page: Page
) -> None:
    cable.websockets = WebSockets.SWALLOWED
    probe = await Probe.make(page, cable.url, openTimeoutMs=300)
    await probe.connect("text")
    given_up, used = await daemon.accepted(), await daemon.accepted()
    assert await given_up.ended() == b""
    await probe.send("<a/>")
    await used.received_messages(b"<a/>")


async def test_a_session_moves_to_polls_and_back_without_loss(
    cable: Cable, daemon: ScriptedDaemon, page: Page
) -> None:
    daemon.echo()
    probe = await Probe.make(page, cable.url, returnAfterMs=200)
    await probe.connect("text")
    cable.websockets = WebSockets.REFUSED
    cable.cut()
    await probe.send(*numbered(1, 100))
    await probe.until("socket.transport === 'long-poll'")
    await probe.send(*numbered(101, 200))
    cable.websockets = WebSockets.PASSED
    await probe.until("socket.transport === 'websocket'")
    await probe.send(*numbered(201, 300))
    assert await probe.received(300) == numbered(1, 300)
    connection = await daemon.accepted()
    await connection.received_messages(*(message.encode() for message in numbered(1, 300)))


async def test_a_websocket_that_falls_silent_is_given_up(
    start_bridge: StartBridge, page: Page
) -> None:
    bridge = start_bridge({"heartbeat_s": 0.3, "daemons": {"demo": {"embedded": "chat"}}})
    async with Cable(bridge.url) as cable:
        probe = await Probe.make(page, cable.url, openTimeoutMs=300)
        await probe.connect("demo")
        cable.websockets = WebSockets.SWALLOWED
        await probe.until("socket.transport === 'long-poll'")
        await probe.send("<ping/>")
        await probe.until("probe.messages.at(-1) === '<pong/>'")


@each_transport
async def test_a_refused_message_is_told_by_its_number_and_the_rest_goes_on(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page, transports: list[str]
) -> None:
    probe = await Probe.make(page, bridge.url, transports=transports)
    await probe.connect("xml")
    await probe.send("<a/>", "<b", "<c/>")
    connection = await daemon.accepted()
    await connection.received_messages(b"<a/>", b"<c/>")
    await probe.until("socket.numbers.up.acknowledged === 3")
    assert await probe.run("probe.errors") == [["not-well-formed", 2]]


@each_transport
async def test_a_refusal_that_is_repeated_is_told_once(
    cable: Cable, daemon: ScriptedDaemon, page: Page, transports: list[str]
) -> None:
    probe = await Probe.make(page, cable.url, transports=transports)
    await probe.connect("xml")
    await probe.send("<a/>", "<b")
    await probe.until("probe.errors.length > 0")
    cable.cut()
    await probe.send("<c/>")
    connection = await daemon.accepted()
    await connection.received_messages(b"<a/>", b"<c/>")
    await probe.until("socket.numbers.up.acknowledged === 3")
    assert await probe.run("probe.errors") == [["not-well-formed", 2]]


@each_transport
async def test_no_more_is_under_way_than_the_bridge_allows(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page, transports: list[str]
) -> None:
    probe = await Probe.make(page, bridge.url, transports=transports)
    watch = "probe.most = Math.max(probe.most ?? 0, up.sent - up.acknowledged)"
    await probe.run(
        f"socket.addEventListener('state', () => {{ const {{ up }} = socket.numbers; {watch} }})"
    )
    await probe.connect("text")
    # 30,000 bytes each on the stream: two of them stay below the bridge's 65,536, three do not.
    messages = [chr(ord("a") + place) * 29_999 for place in range(9)]
    await probe.send(*messages)
    connection = await daemon.accepted()
    await connection.received_messages(*(message.encode() for message in messages))
    await probe.until("socket.bufferedAmount === 0")
    assert await probe.run("probe.most") == 2


@each_transport
async def test_the_end_of_the_daemon_s_stream_closes_after_the_last_message(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page, transports: list[str]
) -> None:
    daemon.say_goodbye(b"<last/>")
    probe = await Probe.make(page, bridge.url, transports=transports)
    await probe.connect("text")
    await probe.until("probe.closes.length > 0")
    assert await probe.run("[probe.messages, probe.closes, probe.errors, socket.state]") == [
        ["<last/>"],
        ["daemon-closed"],
        [],
        "closed",
    ]


@each_transport
async def test_a_bridge_that_stops_says_when_to_come_back(
    start_bridge: StartBridge, page: Page, transports: list[str]
) -> None:
    bridge = start_bridge({"daemons": {"demo": {"embedded": "chat"}}})
    probe = await Probe.make(page, bridge.url, transports=transports)
    await probe.run("socket.onClose = ({ retryAfterS }) => (probe.delayS = retryAfterS)")
    await probe.connect("demo")
    bridge.terminate()
    await probe.until("probe.closes.length > 0")
    assert await probe.run("[probe.closes, probe.errors]") == [["shutdown"], []]
    assert 5 <= await probe.run("probe.delayS") <= 30
    assert await bridge.exited() == 0


@pytest.mark.parametrize("transports", [WEBSOCKET, LONG_POLL, BOTH], ids="-or-".join)
async def test_a_session_that_cannot_be_opened_says_why(
    bridge: RunningBridge, page: Page, transports: list[str]
) -> None:
    probe = await Probe.make(page, bridge.url, transports=transports)
    await probe.connect("nobody")
    assert await probe.run("[probe.connects, probe.errors, probe.closes, socket.state]") == [
        [False],
        [["unknown-daemon", None]],
        [],
        "closed",
    ]


async def test_a_page_that_may_only_use_websockets_is_told_when_none_gets_through(
    cable: Cable, daemon: ScriptedDaemon, page: Page
) -> None:
    cable.websockets = WebSockets.REFUSED
    probe = await Probe.make(page, cable.url, transports=WEBSOCKET)
    await probe.connect("text")
    assert await probe.run("probe.errors") == [["websocket-failed", None]]
    # The session that was opened to find out is not left to the daemon.
    assert await (await daemon.accepted()).ended() == b""


@pytest.mark.parametrize("transports", [WEBSOCKET, LONG_POLL, BOTH], ids="-or-".join)
async def test_a_session_that_the_bridge_does_not_know_any_more_is_closed(
    cable: Cable, start_bridge: StartBridge, page: Page, transports: list[str]
) -> None:
    probe = await Probe.make(page, cable.url, transports=transports)
    await probe.connect("demo")
    cable.target = start_bridge({"daemons": {"demo": {"embedded": "chat"}}}).url
    cable.cut()
    await probe.until("probe.closes.length > 0")
    assert await probe.run("[probe.closes, probe.errors]") == [
        ["unknown-session"],
        [["unknown-session", None]],
    ]


@each_transport
async def test_what_was_sent_before_close_is_delivered(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page, transports: list[str]
) -> None:
    probe = await Probe.make(page, bridge.url, transports=transports)
    await probe.connect("text")
    await probe.run("(given.forEach((m) => socket.send(m)), socket.close())", numbered(1, 100))
    assert await probe.run("[socket.state, socket.connected]") == ["closed", False]
    connection = await daemon.accepted()
    expected = framed(message.encode() for message in numbered(1, 100))
    assert await connection.ended() == expected
    assert await probe.run("[probe.closes, probe.errors]") == [[], []]


async def test_what_was_sent_before_close_is_delivered_over_a_broken_connection(
    cable: Cable, daemon: ScriptedDaemon, page: Page
) -> None:
    probe = await Probe.make(page, cable.url)
    await probe.connect("text")
    cable.unplug()
    await probe.until("socket.state === 'resuming'")
    await probe.run("(socket.send('<bye/>'), socket.close())")
    cable.is_plugged = True
    assert await (await daemon.accepted()).ended() == b"<bye/>\0"


async def test_connecting_again_closes_the_session_before(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page
) -> None:
    probe = await Probe.make(page, bridge.url)
    await probe.connect("text")
    await probe.run("socket.connect('text')")
    first, second = await daemon.accepted(), await daemon.accepted()
    assert await first.ended() == b""
    await probe.until("probe.connects.length === 2")
    second.say(b"<a/>")
    assert await probe.received(1) == ["<a/>"]
    assert await probe.run("[probe.connects, probe.closes]") == [[True, True], []]


async def test_what_cannot_be_sent_is_an_error_at_once(bridge: RunningBridge, page: Page) -> None:
    probe = await Probe.make(page, bridge.url)
    attempt = "(() => { try { socket.send(given) } catch (error) { return error.name } })()"
    assert await probe.run(attempt, "<a/>") == "InvalidStateError"
    await probe.connect("demo")
    assert await probe.run(attempt, "a\0b") == "TypeError"
    assert await probe.run(attempt, "x" * 1_048_577) == "RangeError"
    assert await probe.run("socket.numbers.up.sent") == 0


async def test_messages_are_parsed_on_a_page_that_demands_trusted_types(
    bridge: RunningBridge, page: Page
) -> None:
    policy = "require-trusted-types-for 'script'; trusted-types xmlsocket"
    await demand(page, bridge.url, policy)
    probe = await Probe.make(page, bridge.url)
    await probe.connect("demo")
    await probe.until("probe.xml[0] === 'welcome'")


async def test_a_handler_that_throws_harms_nobody_else(
    bridge: RunningBridge, daemon: ScriptedDaemon, page: Page
) -> None:
    probe = await Probe.make(page, bridge.url)
    # What is thrown is reported to the page, which here has a handler for it.
    report = "window.onerror = (text) => !!probe.reports.push(text)"
    await probe.run(f"(probe.reports = [], {report}, 0)")
    await probe.run("(socket.onData = () => { throw Error('by the handler') }, 0)")
    await probe.connect("text")
    (await daemon.accepted()).say(b"<a/>", b"<b/>")
    assert await probe.received(2) == ["<a/>", "<b/>"]
    assert await probe.run("probe.reports") == ["Uncaught Error: by the handler"] * 2

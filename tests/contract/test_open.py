"""Open: `POST /v1/daemons/{daemon}/sessions`."""

import re

import pytest
from yarl import URL

from tests.support.bridge import StartBridge
from tests.support.clients import Client, percent_encoded
from tests.support.configured import ALIAS, FOREIGN_ORIGIN, MakeConfig
from tests.support.daemon import ScriptedDaemon

ID = re.compile(r"[a-z0-9]{1,16}-[A-Za-z0-9_-]+")
KEY = re.compile(r"[A-Za-z0-9_-]{22,128}")


async def test_open_answers_201_with_the_limits_of_the_session(
    client: Client, daemon: ScriptedDaemon
) -> None:
    answer = await client.post_open("chat")
    assert answer.status == 201
    assert answer.media_type == "application/json"
    opened = answer.json()
    assert opened["wait_s"] == 10
    assert opened["resume_s"] == 30
    assert opened["heartbeat_s"] == 10
    assert opened["max_message_bytes"] == 1 << 20
    assert opened["max_unacked_bytes"] == 1 << 18


async def test_the_id_begins_with_the_node_that_owns_it(
    client: Client, daemon: ScriptedDaemon
) -> None:
    session = await client.open()
    assert ID.fullmatch(session.id)
    assert session.id.startswith("a-")


async def test_the_key_is_long_and_of_the_given_alphabet(
    client: Client, daemon: ScriptedDaemon
) -> None:
    assert KEY.fullmatch((await client.open()).key)


async def test_no_two_sessions_share_an_id_or_a_key(client: Client, daemon: ScriptedDaemon) -> None:
    sessions = [await client.open() for _ in range(20)]
    assert len({session.id for session in sessions}) == 20
    assert len({session.key for session in sessions}) == 20


async def test_location_is_the_address_of_the_session(
    client: Client, daemon: ScriptedDaemon
) -> None:
    answer = await client.post_open()
    opened = answer.json()
    location = client.address("").join(URL(answer.headers["Location"], encoded=True))
    assert location == client.address(f"v1/sessions/{opened['id']}")
    assert opened["key"] not in answer.headers["Location"]


async def test_each_session_has_one_connection_of_its_own(
    client: Client, daemon: ScriptedDaemon
) -> None:
    ada, bob = await client.open(), await client.open()
    to_ada, to_bob = await daemon.accepted(), await daemon.accepted()
    await ada.send(b"<a/>")
    await bob.send(b"<b/>")
    await to_ada.received_messages(b"<a/>")
    await to_bob.received_messages(b"<b/>")
    assert len(daemon.connections) == 2


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(percent_encoded("chat"), id="percent-encoded name"),
        pytest.param(ALIAS, id="alias"),
        pytest.param(ALIAS.replace(":", "%3A"), id="alias with its colon encoded"),
        pytest.param(ALIAS.replace(":", "%3a"), id="alias encoded in lower case"),
        pytest.param(percent_encoded(ALIAS), id="percent-encoded alias"),
    ],
)
async def test_a_daemon_is_found_by_name_or_alias_after_percent_decoding(
    client: Client, daemon: ScriptedDaemon, name: str
) -> None:
    await client.open(name)
    await daemon.accepted()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("nobody", id="not configured"),
        pytest.param("CHAT", id="other case"),
        pytest.param("chat%20", id="trailing space"),
        pytest.param("chat%00", id="trailing zero byte"),
        pytest.param("chat.", id="trailing dot"),
        pytest.param("%2563hat", id="encoded twice"),
        pytest.param(ALIAS.upper(), id="alias in other case"),
        pytest.param("game.example.com", id="alias without its port"),
        pytest.param("game.example.com:09339", id="alias with the same port written otherwise"),
        pytest.param("%FF", id="no UTF-8"),
    ],
)
async def test_a_name_that_is_not_exactly_configured_is_an_unknown_daemon(
    client: Client, daemon: ScriptedDaemon, name: str
) -> None:
    (await client.post_open(name)).problem(404, "unknown-daemon")


async def test_an_address_is_never_dialled_on_a_clients_word(
    client: Client, daemon: ScriptedDaemon, config: MakeConfig
) -> None:
    address = config()["daemons"]["chat"]["address"]
    (await client.post_open(address)).problem(404, "unknown-daemon")
    assert daemon.connections == []


async def test_a_daemon_that_refuses_the_connection_is_unreachable(client: Client) -> None:
    (await client.post_open("dead")).problem(502, "daemon-unreachable")


async def test_a_daemon_that_does_not_answer_the_connection_is_a_timeout(client: Client) -> None:
    (await client.post_open("silent")).problem(504, "daemon-timeout")


async def test_an_origin_that_is_not_configured_is_denied_and_nothing_is_opened(
    client: Client, daemon: ScriptedDaemon
) -> None:
    answer = await client.post_open(headers={"Origin": FOREIGN_ORIGIN})
    answer.problem(403, "origin-denied")
    assert daemon.connections == []


async def test_one_session_too_many_is_refused_and_told_when_to_retry(
    daemon: ScriptedDaemon, start_bridge: StartBridge, config: MakeConfig
) -> None:
    async with Client(start_bridge(config(max_sessions=1)).url) as narrow:
        await narrow.open()
        answer = await narrow.post_open()
        answer.problem(503, "too-many-sessions")
        assert int(answer.headers["Retry-After"]) >= 0


async def test_all_paths_are_relative_to_the_base_path(
    daemon: ScriptedDaemon, start_bridge: StartBridge, config: MakeConfig
) -> None:
    url = URL(start_bridge(config(base_path="/games/bridge/")).url)
    async with Client(str(url)) as below, Client(str(url.with_path("/"))) as outside:
        assert url.path == "/games/bridge/"
        answer = await below.post_open()
        location = url.join(URL(answer.headers["Location"]))
        assert location == below.address(f"v1/sessions/{answer.json()['id']}")
        assert (await outside.post_open()).status == 404

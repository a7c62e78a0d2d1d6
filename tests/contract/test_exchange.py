"""Exchange: `POST /v1/daemons/{daemon}/exchange?replies=1&timeout=5`, the one-shot."""

import json

import pytest

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import JSON, Client
from tests.support.configured import FOREIGN_ORIGIN, MakeConfig
from tests.support.daemon import DaemonConnection, ScriptedDaemon, framed


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    """A bridge whose logs are soon full."""
    return start_bridge(
        config(
            max_message_bytes=4096,
            log_high_water_bytes=16_384,
            log_low_water_bytes=4096,
            connect_timeout_s=0.5,
        )
    )


async def test_an_exchange_ends_with_as_many_replies_as_were_asked_for(
    client: Client, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    answer = await client.exchange(b"<a/>", b"<b/>", replies=2)
    assert answer.messages == [b"<a/>", b"<b/>"]
    assert answer.headers["XMLSocket-End"] == "replies"
    assert "no-store" in answer.headers["Cache-Control"]


async def test_an_exchange_gives_no_more_replies_than_asked_for(
    client: Client, daemon: ScriptedDaemon
) -> None:
    daemon.on_message = lambda connection, _: connection.say(b"<1/>", b"<2/>", b"<3/>")
    answer = await client.exchange(b"<a/>", replies=2)
    assert answer.messages == [b"<1/>", b"<2/>"]
    assert answer.headers["XMLSocket-End"] == "replies"


async def test_empty_messages_are_replies_too(client: Client, daemon: ScriptedDaemon) -> None:
    daemon.echo()
    answer = await client.exchange(b"", b"<a/>", replies=2)
    assert answer.messages == [b"", b"<a/>"]


async def test_an_exchange_ends_at_its_timeout_with_what_has_come(
    client: Client, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    answer = await client.exchange(b"<a/>", replies=2, timeout_s=0.3)
    assert answer.messages == [b"<a/>"]
    assert answer.headers["XMLSocket-End"] == "timeout"


async def test_an_exchange_without_any_reply_ends_at_its_timeout(
    client: Client, daemon: ScriptedDaemon
) -> None:
    answer = await client.exchange(b"<a/>", timeout_s=0.05)
    assert answer.status == 200
    assert answer.body == b""
    assert answer.headers["XMLSocket-End"] == "timeout"


async def test_an_exchange_ends_when_the_daemon_closes(
    client: Client, daemon: ScriptedDaemon
) -> None:
    def answer_and_close(connection: DaemonConnection, message: bytes) -> None:
        connection.say(message)
        connection.close()

    daemon.on_message = answer_and_close
    answer = await client.exchange(b"<a/>", replies=2)
    assert answer.messages == [b"<a/>"]
    assert answer.headers["XMLSocket-End"] == "closed"


async def test_an_exchange_ends_when_the_log_is_full(
    client: Client, daemon: ScriptedDaemon
) -> None:
    flood = [b"%d:" % number + b"x" * 1000 for number in range(200)]
    daemon.on_message = lambda connection, _: connection.say(*flood)
    answer = await client.exchange(b"<a/>", replies=1000)
    assert answer.headers["XMLSocket-End"] == "full"
    assert answer.messages == flood[: len(answer.messages)]
    assert len(framed(answer.messages[:-1])) < 16_384 <= len(answer.body)


async def test_an_exchange_closes_its_connection(client: Client, daemon: ScriptedDaemon) -> None:
    daemon.echo()
    await client.exchange(b"<a/>")
    assert await (await daemon.accepted()).ended() == b"<a/>\0"


async def test_an_exchange_may_send_nothing(client: Client, daemon: ScriptedDaemon) -> None:
    daemon.on_connect = lambda connection: connection.say(b"<welcome/>")
    answer = await client.exchange()
    assert answer.messages == [b"<welcome/>"]


async def test_an_exchange_speaks_json_both_ways(client: Client, daemon: ScriptedDaemon) -> None:
    daemon.echo()
    body = json.dumps({"messages": ["<a/>", "<ž/>"]}).encode()
    headers = {"Content-Type": JSON, "Accept": JSON}
    answer = await client.post_exchange(body, replies=2, headers=headers)
    assert answer.media_type == JSON
    assert answer.json() == {"first": 1, "messages": ["<a/>", "<ž/>"], "ack": 2}


async def test_json_to_a_bytes_daemon_is_415(client: Client, daemon: ScriptedDaemon) -> None:
    headers = {"Content-Type": JSON}
    body = b'{"messages": []}'
    (await client.post_exchange(body, daemon="blob", headers=headers)).problem(415)


async def test_json_from_a_bytes_daemon_is_406(client: Client, daemon: ScriptedDaemon) -> None:
    answer = await client.post_exchange(b"", daemon="blob", headers={"Accept": JSON})
    answer.problem(406)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"<a/>\0<b>\0", 400, "not-well-formed"),
        (b"<a/>\0<b>\xff</b>\0", 400, "bad-encoding"),
        (b"<a/>\0<b>" + b"x" * 5000 + b"</b>\0", 413, "message-too-big"),
    ],
)
async def test_a_refused_message_is_a_problem_that_names_it(
    client: Client, daemon: ScriptedDaemon, body: bytes, status: int, code: str
) -> None:
    answer = await client.post_exchange(body, daemon="strict")
    assert answer.problem(status, code)["message"] == 2


async def test_an_unterminated_body_is_a_problem(client: Client, daemon: ScriptedDaemon) -> None:
    (await client.post_exchange(b"<a/>")).problem(400, "unterminated")


async def test_a_refused_exchange_leaves_no_connection_behind(
    client: Client, daemon: ScriptedDaemon
) -> None:
    """Whether it connects at all before it refuses is its own affair."""
    (await client.post_exchange(b"<a>\0", daemon="strict")).problem(400)
    (await client.post_exchange(b"<a>", daemon="strict")).problem(400)
    for connection in daemon.connections:
        await connection.ended()


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("nobody", 404, "unknown-daemon"),
        ("dead", 502, "daemon-unreachable"),
        ("silent", 504, "daemon-timeout"),
    ],
)
async def test_an_exchange_that_cannot_open_has_the_problems_of_open(
    client: Client, name: str, status: int, code: str
) -> None:
    (await client.exchange(b"<a/>", daemon=name)).problem(status, code)


async def test_an_exchange_from_a_foreign_origin_is_denied(
    client: Client, daemon: ScriptedDaemon
) -> None:
    answer = await client.post_exchange(b"", headers={"Origin": FOREIGN_ORIGIN})
    answer.problem(403, "origin-denied")
    assert daemon.connections == []

"""Bad input of every kind, played to a running bridge: what it gets, and that it harms nobody."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from yarl import URL

from tests.security.bad_input.document import in_markdown, written
from tests.security.bad_input.stage import Row, Stage
from tests.security.bad_input.table import TABLE
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client
from tests.support.configured import ORIGIN
from tests.support.daemon import ScriptedDaemon

ROWS = [
    pytest.param(row, id=f"{group}: {row.kind}") for group, rows in TABLE.items() for row in rows
]
AUTH = {
    "tokens": {"ada": "0123456789abcdef0123456789abcdef"},
    "jwt": {"algorithm": "HS256", "key": secrets.token_hex(32), "audience": "bridge"},
}


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, address: str) -> RunningBridge:
    daemon = {"address": address, "origins": [ORIGIN]}
    return start_bridge(
        {
            "wait_s": 10,
            "max_message_bytes": 65536,
            "max_body_bytes": 300_000,
            "policy_listen": "127.0.0.1:0",
            "daemons": {
                "strict": daemon,
                "text": {**daemon, "messages": "text"},
                "blob": {**daemon, "messages": "bytes"},
                "guarded": {**daemon, "auth": AUTH},
            },
        }
    )


@pytest.fixture(scope="module")
def proxied(start_bridge: StartBridge, address: str) -> RunningBridge:
    """A bridge behind a proxy that introduces its clients."""
    trusted = {"trusted_proxies": ["127.0.0.1"], "listen_proxy_protocol": True}
    return start_bridge({**trusted, "daemons": {"strict": {"address": address}}})


@pytest.fixture
async def client(bridge: RunningBridge) -> AsyncIterator[Client]:
    async with Client(bridge.url) as client:
        yield client


async def ports_of(bridge: RunningBridge, proxied: RunningBridge) -> dict[str, int]:
    policies = await bridge.logged("serving policies on ")
    http, behind_a_proxy = (URL(each.url).explicit_port for each in (bridge, proxied))
    assert http is not None
    assert behind_a_proxy is not None
    return {
        "http": http,
        "proxied": behind_a_proxy,
        "policies": int(policies.rpartition(":")[2]),
    }


@pytest.mark.parametrize("row", ROWS)
async def test_it_gets_what_the_table_says_and_harms_nobody(
    row: Row,
    bridge: RunningBridge,
    proxied: RunningBridge,
    client: Client,
    daemon: ScriptedDaemon,
    tmp_path: Path,
) -> None:
    session, neighbour = await client.open(row.of), await client.open("text")
    connection, beside = await daemon.accepted(), await daemon.accepted()
    stage = Stage(session, connection, neighbour, await ports_of(bridge, proxied), tmp_path)
    assert await row.play(stage) == row.got
    (await neighbour.send(b"still here")).empty()
    await beside.received_messages(b"still here")
    assert [
        bytes(each.data) for each in daemon.connections if each is not beside and each.data
    ] == []
    for running in (bridge, proxied):
        running.assert_no_traceback()


def test_the_document_has_the_table() -> None:
    """If not, `python -m tests.security.bad_input` writes it."""
    assert written() == in_markdown()


def test_the_table_has_each_kind_once() -> None:
    kinds = [(group, row.kind) for group, rows in TABLE.items() for row in rows]
    assert len(kinds) >= 200
    assert len(set(kinds)) == len(kinds)

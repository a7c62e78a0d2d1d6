"""Users that a trusted proxy has let in, and everybody else who says so."""

import socket
from collections.abc import AsyncIterator

import pytest

from tests.auth.showing import bearer
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client
from tests.support.daemon import ScriptedDaemon

TOKEN = "one-that-a-program-has"


def config_of(daemon_socket: socket.socket, trusted: str) -> dict[str, object]:
    address = f"127.0.0.1:{daemon_socket.getsockname()[1]}"
    auth = {"user_header": "X-User", "tokens": {"bot": TOKEN}}
    daemons = {"chat": {"address": address}}
    return {"trusted_proxies": [trusted], "auth": auth, "daemons": daemons}


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, daemon_socket: socket.socket) -> RunningBridge:
    """The tests are its proxy."""
    return start_bridge(config_of(daemon_socket, "127.0.0.0/8"))


@pytest.fixture(scope="module")
def distrustful(start_bridge: StartBridge, daemon_socket: socket.socket) -> RunningBridge:
    """Its proxies are elsewhere."""
    return start_bridge(config_of(daemon_socket, "10.0.0.0/8"))


@pytest.fixture
async def client(bridge: RunningBridge) -> AsyncIterator[Client]:
    async with Client(bridge.url) as connected:
        yield connected
    bridge.assert_no_traceback()


async def test_a_user_that_a_trusted_proxy_names_is_let_in_by_that_name(
    client: Client, daemon: ScriptedDaemon, bridge: RunningBridge
) -> None:
    await client.open("chat", {"X-User": "Ada L."})
    await bridge.logged('user="Ada L."')


async def test_a_user_may_have_credentials_of_another_kind_for_the_proxy(
    client: Client, daemon: ScriptedDaemon
) -> None:
    headers = {"X-User": "ada", "Authorization": "Basic YWRhOmE="}
    assert (await client.post_open("chat", headers)).status == 201


async def test_a_token_is_good_where_the_proxy_names_nobody(
    client: Client, daemon: ScriptedDaemon
) -> None:
    assert (await client.post_open("chat", bearer(TOKEN))).status == 201


@pytest.mark.parametrize("user", ["", " ", "a" * 129, "ada\tlovelace"])
async def test_a_name_that_is_none_opens_nothing(
    client: Client, daemon: ScriptedDaemon, user: str
) -> None:
    (await client.post_open("chat", {"X-User": user})).problem(401, "unauthenticated")
    assert daemon.connections == []


async def test_the_proxys_word_is_needed(client: Client, daemon: ScriptedDaemon) -> None:
    (await client.post_open("chat")).problem(401, "unauthenticated")


@pytest.mark.parametrize("headers", [{}, {"X-Forwarded-For": "10.0.0.1"}])
async def test_anybody_else_who_names_a_user_is_not_believed(
    distrustful: RunningBridge, daemon: ScriptedDaemon, headers: dict[str, str]
) -> None:
    async with Client(distrustful.url) as stranger:
        answer = await stranger.post_open("chat", {"X-User": "ada", **headers})
        answer.problem(401, "unauthenticated")
    assert daemon.connections == []

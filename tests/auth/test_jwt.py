"""JSON Web Tokens at the gate of a running bridge, and sessions that end with them."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.auth.issuer import AUDIENCE, EC_KEY, PUBLIC, issued, jwk
from tests.auth.key_server import key_server
from tests.auth.showing import as_subprotocol, bearer
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client, Session
from tests.support.daemon import ScriptedDaemon
from tests.support.sockets import V1

STATIC = "a-static-token-beside-it"
CHALLENGE = 'Bearer realm="xmlsocket-bridge", error="invalid_token"'
SOON_S = (1, 2, 4, 8)
"""A token tells whole seconds, so the first one has up to one left. A fast machine needs no more to
open a session, a busy one the last."""


def forged_and_expired() -> str:
    """The claims of a token that has expired, below the signature of another one."""
    signed = issued("RS256", exp=1).rpartition(".")[0]
    return f"{signed}.{issued('RS256').rpartition('.')[2]}"


@pytest.fixture(scope="module")
def bridge(
    start_bridge: StartBridge,
    daemon_socket: socket.socket,
    tmp_path_factory: pytest.TempPathFactory,
) -> RunningBridge:
    """`chat` takes RS256 and a static token, `game` ES256 alone."""
    folder: Path = tmp_path_factory.mktemp("keys")
    for algorithm in ("RS256", "ES256"):
        (folder / algorithm).write_text(PUBLIC[algorithm])
    address = {"address": f"127.0.0.1:{daemon_socket.getsockname()[1]}", "messages": "text"}

    def terms(algorithm: str) -> dict[str, str]:
        key = f"file:{folder / algorithm}"
        return {"algorithm": algorithm, "key": key, "audience": AUDIENCE}

    chat = {"jwt": terms("RS256"), "tokens": {"static": STATIC}}
    game = {**address, "auth": {"jwt": terms("ES256")}}
    return start_bridge({"auth": chat, "daemons": {"chat": address, "game": game}})


@pytest.fixture
async def client(bridge: RunningBridge) -> AsyncIterator[Client]:
    async with Client(bridge.url) as connected:
        yield connected
    bridge.assert_no_traceback()


@pytest.mark.parametrize(
    ("daemon_name", "token"),
    [
        pytest.param("chat", issued("RS256"), id="RS256"),
        pytest.param("game", issued("ES256", daemons=["game"]), id="ES256"),
        pytest.param("chat", STATIC, id="a static token beside it"),
    ],
)
async def test_a_good_token_opens(
    client: Client, daemon: ScriptedDaemon, daemon_name: str, token: str
) -> None:
    assert (await client.post_open(daemon_name, bearer(token))).status == 201


async def test_a_good_token_opens_as_subprotocol(client: Client, daemon: ScriptedDaemon) -> None:
    offered = [V1, as_subprotocol(issued("RS256"))]
    opened = await client.websocket("v1/daemons/chat/websocket", offered)
    assert opened.subprotocol == V1


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(issued("ES256"), id="another algorithm"),
        pytest.param(forged_and_expired(), id="a forgery that has expired"),
        pytest.param(issued("RS256", aud="other"), id="another audience"),
        pytest.param("x.y.z", id="no token at all"),
    ],
)
async def test_a_token_that_is_not_good_opens_nothing(
    client: Client, daemon: ScriptedDaemon, token: str
) -> None:
    answer = await client.post_open("chat", bearer(token))
    assert answer.problem(401, "unauthenticated")["detail"] == "the token is not good here"
    assert answer.headers["WWW-Authenticate"] == CHALLENGE
    assert daemon.connections == []


@pytest.mark.parametrize("path", ["v1/daemons/chat/sessions", "v1/tickets"])
async def test_a_token_that_has_expired_opens_nothing_and_is_told_so(
    client: Client, daemon: ScriptedDaemon, path: str
) -> None:
    answer = await client.request("POST", path, headers=bearer(issued("RS256", exp=1)))
    assert answer.problem(401, "unauthenticated")["detail"] == "the token has expired"
    described = f'{CHALLENGE}, error_description="the token has expired"'
    assert answer.headers["WWW-Authenticate"] == described
    assert daemon.connections == []


async def test_a_token_for_another_daemon_is_good_but_not_allowed(
    client: Client, daemon: ScriptedDaemon
) -> None:
    answer = await client.post_open("chat", bearer(issued("RS256", daemons=["game"])))
    answer.problem(403, "not-allowed")
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    assert daemon.connections == []


async def opened_for_a_moment(client: Client) -> Session:
    """Opened by a token that is about to expire, and by a longer one where it had already."""
    for seconds in SOON_S:
        expires_at = int(time.time()) + seconds
        answer = await client.post_open("chat", bearer(issued("RS256", exp=expires_at)))
        if answer.status == 201:
            return Session(client, answer.json()["id"], answer.json()["key"])
        answer.problem(401, "unauthenticated")
    raise AssertionError(f"no session could be opened within {SOON_S[-1]} s")


async def test_a_session_ends_when_its_token_does(client: Client, daemon: ScriptedDaemon) -> None:
    session = await opened_for_a_moment(client)
    assert await session.ended() == "kicked"
    await (await daemon.accepted()).ended()


async def test_the_log_has_the_name_that_the_token_tells(
    client: Client, daemon: ScriptedDaemon, bridge: RunningBridge
) -> None:
    token = issued("RS256", sub="Zoe Zero")
    await client.open("chat", bearer(token))
    await bridge.logged('user="Zoe Zero"')
    assert not bridge.lines_with(token[:20])


async def test_keys_that_are_published_let_in(
    start_bridge: StartBridge, daemon_socket: socket.socket, daemon: ScriptedDaemon
) -> None:
    keys = json.dumps({"keys": [jwk(EC_KEY, kid="new")]}).encode()
    async with key_server(keys) as server:
        terms = {"algorithm": "ES256", "audience": AUDIENCE, "jwks": server.url}
        address = f"127.0.0.1:{daemon_socket.getsockname()[1]}"
        config = {"auth": {"jwt": terms}, "daemons": {"chat": {"address": address}}}
        bridge = await asyncio.to_thread(start_bridge, config)
        async with Client(bridge.url) as client:
            assert (await client.post_open("chat", bearer(issued("ES256")))).status == 201
            (await client.post_open("chat", bearer(issued("RS256")))).problem(401)
        assert server.paths == ["/jwks.json"]

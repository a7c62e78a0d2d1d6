"""Addresses that connections to a daemon come from, when one of them has no port left, or all."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiohttp import UnixConnector

from tests.host.name_server import resolving
from tests.host.outage import all_lines
from tests.host.own_network import LISTENING, N_PORTS, SOURCES, SOURCES_6, OwnNetwork
from tests.support.bridge import Config, RunningBridge, StartBridge
from tests.support.clients import Client, Session
from tests.support.daemon import ScriptedDaemon

NOT_OURS = "192.0.2.1"
"""For documentation (RFC 5737): no machine has it."""
NOT_REACHED = "2001:db8::1"
"""For documentation (RFC 3849): nothing leads there, so it is tried last (RFC 6724)."""
N_ALL_PORTS = N_PORTS * len(SOURCES)
Daemons = dict[str, ScriptedDaemon]


@pytest.fixture
def network(tmp_path: Path) -> Iterator[OwnNetwork]:
    with OwnNetwork(tmp_path) as network:
        yield network


@pytest.fixture
def bridge(
    start: StartBridge, config: Config, network: OwnNetwork, tmp_path: Path
) -> RunningBridge:
    """Its daemons are those of `daemons`; `partly` and `double` are `chat` with one more way that
    leads nowhere: a source that is not ours, and an address that is not reached. `plain` and
    `introduced` have no source."""
    (host, port), (_, other_port), (host_6, port_6) = LISTENING
    daemons: dict[str, Config] = {
        "chat": {"address": f"{host}:{port}", "source": SOURCES},
        "other": {"address": f"{host}:{other_port}", "source": SOURCES},
        "six": {"address": f"[{host_6}]:{port_6}", "source": SOURCES_6},
        "partly": {"address": f"{host}:{port}", "source": [*SOURCES, NOT_OURS]},
        "double": {"address": f"double.example:{port}", "source": SOURCES},
        "plain": {"address": f"{host}:{port}"},
        "introduced": {"address": f"{host}:{port}", "proxy_protocol": "v1"},
    }
    config["daemons"] = {name: {**daemon, "messages": "text"} for name, daemon in daemons.items()}
    config["listen"] = f"unix:{tmp_path / 'bridge'}"
    names = f"{host} double.example\n{NOT_REACHED} double.example\n"
    return start(config, prefix=[*network.prefix, *resolving(tmp_path, names)])


@pytest.fixture
async def client(bridge: RunningBridge) -> AsyncIterator[Client]:
    connector = UnixConnector(bridge.url.removeprefix("unix:"))
    async with Client("http://bridge/", connector) as client:
        yield client


@pytest.fixture
async def daemons(bridge: RunningBridge, network: OwnNetwork) -> AsyncIterator[Daemons]:
    names = dict(zip(("chat", "other", "six"), network.sockets(), strict=True))
    async with AsyncExitStack() as stack:
        yield {
            name: await stack.enter_async_context(ScriptedDaemon(listening))
            for name, listening in names.items()
        }


@pytest.fixture
async def sessions(client: Client, daemons: Daemons) -> list[Session]:
    """So many of the daemon `chat` that none of its sources has a port left."""
    return [await client.open() for _ in range(N_ALL_PORTS)]


async def sources_of(daemon: ScriptedDaemon, count: int) -> list[str]:
    """Where its next connections come from."""
    connections = [await daemon.accepted() for _ in range(count)]
    return [connection.transport.get_extra_info("peername")[0] for connection in connections]


@pytest.mark.parametrize(("name", "sources"), [("chat", SOURCES), ("six", SOURCES_6)])
async def test_when_a_source_has_no_port_left_connections_come_from_the_next(
    client: Client, daemons: Daemons, name: str, sources: list[str]
) -> None:
    for _ in range(N_ALL_PORTS):
        await client.open(name)
    first, second = sources
    expected = [first] * N_PORTS + [second] * N_PORTS
    assert await sources_of(daemons[name], N_ALL_PORTS) == expected


async def test_without_any_port_left_an_open_is_refused_for_a_while_and_told(
    client: Client, sessions: list[Session], bridge: RunningBridge
) -> None:
    for _ in range(3):
        answer = await client.post_open()
        answer.problem(503, "too-many-sessions")
        assert int(answer.headers["Retry-After"]) > 0
    (line,) = await all_lines(bridge, "request refused")
    assert "no port left towards 127.0.0.1; write one more source" in line


async def test_sessions_go_on_when_there_is_no_port_left_for_another(
    client: Client, sessions: list[Session], daemons: Daemons
) -> None:
    daemons["chat"].echo()
    (await client.post_open()).problem(503, "too-many-sessions")
    for session in sessions:
        assert (await session.send(b"ping", wait=10)).messages == [b"ping"]


async def test_a_port_that_comes_free_is_for_the_next_who_comes(
    client: Client, sessions: list[Session], daemons: Daemons
) -> None:
    (await client.post_open()).problem(503, "too-many-sessions")
    for session in sessions:
        (await daemons["chat"].accepted()).reset()
        assert await session.ended() == "daemon-error"
        await client.open()
        (await client.post_open()).problem(503, "too-many-sessions")


async def test_a_source_without_ports_towards_one_daemon_has_them_towards_another(
    client: Client, sessions: list[Session], daemons: Daemons
) -> None:
    for _ in range(N_ALL_PORTS):
        await client.open("other")
    assert await sources_of(daemons["other"], 1) == [SOURCES[0]]


async def test_clients_that_come_together_get_each_port_there_is(
    client: Client, daemons: Daemons
) -> None:
    answers = await asyncio.gather(*(client.post_open() for _ in range(N_ALL_PORTS + 2)))
    assert sorted(answer.status for answer in answers) == [201] * N_ALL_PORTS + [503] * 2


@pytest.mark.parametrize("name", ["partly", "double"])
async def test_a_way_that_leads_nowhere_does_not_hide_that_ports_come_free(
    client: Client, sessions: list[Session], name: str
) -> None:
    for _ in range(3):
        (await client.post_open(name)).problem(503, "too-many-sessions")


@pytest.mark.parametrize("name", ["plain", "introduced"])
async def test_a_machine_without_any_port_left_is_no_fault_of_the_daemon(
    client: Client, daemons: Daemons, bridge: RunningBridge, name: str
) -> None:
    for _ in range(N_PORTS):
        await client.open(name)
    (await client.post_open(name)).problem(503, "too-many-sessions")
    assert "this machine has no port left towards 127.0.0.1" in await bridge.logged("refused")

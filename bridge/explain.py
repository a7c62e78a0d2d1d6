"""`xmlsocket-bridge explain`: may this page reach this daemon, and by which rule?

The decision is made by the code that makes it for requests. A daemon whose policy is asked for is
asked, once.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from bridge.access.decision import Decision, decide
from bridge.access.doors import DoorBuilder
from bridge.access.hosts import Hosts, can_be_told_of_tls, host_of
from bridge.access.origins import Origin, Page
from bridge.access.policy import Known, Standing
from bridge.config import Config, DaemonConfig, HostPort
from bridge.demo import ChatServer
from bridge.tunnel.daemon.names import Names

NO_ORIGIN: Final = "-"
"""How a request without an `Origin` is written."""


class NothingToExplain(ValueError):
    """The origin, the daemon or the host cannot be; `str()` says what to write."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision, and what in the daemon's policies was overlooked."""

    decision: Decision
    faults: tuple[str, ...]


async def explain(config: Config, origin: str, daemon: str, host: str | None) -> Explanation:
    """Decide about a page of `origin` that asks for a daemon's name or alias, sent to `host`.

    Raises `NothingToExplain`, and `ConfigError` for a policy file that cannot be used.
    """
    page = page_of(config, origin, host)
    name = name_of(config, daemon)
    builder = DoorBuilder(config, Names().addresses, asyncio.get_running_loop().time)
    async with address_of(config.daemons[name]) as address:
        door = builder.build(name, address.host, address.port)
        standing = door.source.standing
        if config.daemons[name].policy == "ask":
            standing = await builder.inquiry(name, address.host, address.port).ask()
    return Explanation(decide(page, door.rules, standing), faults_of(standing))


def page_of(config: Config, origin: str, host: str | None) -> Page:
    """The page as its request would tell it, by a trusted proxy if there is one. Raises
    `NothingToExplain`."""
    if host is not None and host_of(host) is None:
        form = "write it as browsers send it: bridge.example.com, or with a port :8080 behind it"
        raise NothingToExplain(f"{host!a} is not a host; {form}")
    if origin == NO_ORIGIN:
        return Page(None, host)
    try:
        is_secure = Origin.parse(origin).is_secure
    except ValueError as error:
        form = (
            f"write it as browsers send it: https://play.example.com, null, or {NO_ORIGIN} for none"
        )
        raise NothingToExplain(f"{error}; {form}") from error
    over_tls = is_secure and can_be_told_of_tls(config)
    is_known = Hosts.configured(config).vouches_for(host, over_tls=over_tls)
    return Page(origin, host, host_is_known=is_known)


def name_of(config: Config, daemon: str) -> str:
    """The name of the daemon with this name or alias. Raises `NothingToExplain`."""
    for name, configured in config.daemons.items():
        if daemon == name or daemon in configured.aliases:
            return name
    known = ", ".join(config.daemons)
    raise NothingToExplain(f"no daemon or alias {daemon!a} is configured; known: {known}")


@asynccontextmanager
async def address_of(daemon: DaemonConfig) -> AsyncIterator[HostPort]:
    """Where the daemon listens; an embedded one does so meanwhile."""
    if daemon.address is not None:
        yield daemon.address
        return
    server = ChatServer()
    try:
        yield HostPort(*await server.start("127.0.0.1", 0))
    finally:
        await server.stop()


def faults_of(standing: Standing) -> tuple[str, ...]:
    """What grants nothing in the policies that are known."""
    if not isinstance(standing, Known):
        return ()
    return tuple(
        f"{fault}, in {served.place}"
        for served in standing.policies
        for fault in served.policy.faults
    )

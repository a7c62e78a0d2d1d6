"""The composition root: the one file that knows everything, and makes a bridge of it."""

import asyncio
import logging
import socket
from collections.abc import Mapping

from aiohttp import web

from bridge.access.access import Access
from bridge.access.doors import Door, DoorBuilder
from bridge.access.policy_for_flash import socket_policy, url_policy
from bridge.access.policy_port import PolicyPort
from bridge.access.proxies import TrustedProxies
from bridge.auth.authentication import Authentication, locks_of
from bridge.config import Config, DaemonConfig, HostPort, Listen, UnixPath
from bridge.daemons import daemon_of
from bridge.demo import ChatServer
from bridge.host import descriptors
from bridge.host.accepting import Acceptor
from bridge.host.listening import listen_on
from bridge.http.connection import our_connections
from bridge.http.doctor import Doctor
from bridge.http.fetching import fetch
from bridge.http.gate import Gate
from bridge.http.head_timeout import HeadTimeout
from bridge.http.problems import is_worth_logging
from bridge.http.proxy_protocol import Introductions
from bridge.http.ruffle_script import movie_ports
from bridge.http.takeover import Takeover
from bridge.routes import Parts, application
from bridge.tunnel.daemon.names import Names
from bridge.tunnel.directory import Daemon, Directory
from bridge.tunnel.journal import Journal
from bridge.tunnel.registry import Registry

logger = logging.getLogger("bridge")

READ_BYTES = 1 << 14
"""Of a body that nobody takes aiohttp buffers up to a few times as much."""

KEEP_ALIVE_S = 75.0
"""An idle connection costs a descriptor, so it is not kept for the hour that aiohttp would. A proxy
closes its own before (nginx/ after 30 s), so no request meets a connection that is being closed."""


class Bridge:
    """A bridge made from a configuration: `start` it, `drain` it, `stop` it, once each; `stop` also
    if `start` has failed."""

    def __init__(self, config: Config) -> None:
        self._wanted_sessions = config.max_sessions
        self._config = config = fitted(config)
        self._embedded: list[ChatServer] = []
        self._registry = Registry(config, Journal())
        self._takeover = Takeover(config.heartbeat_s, self._registry.turns)
        self._doctor = Doctor(config, self._registry.turns)
        self._runner: web.AppRunner | None = None
        self._acceptor: Acceptor | None = None
        self._access: Access | None = None
        self._authentication: Authentication | None = None
        self._policy_port: PolicyPort | None = None
        self._introductions: Introductions | None = None
        self._head_timeout = HeadTimeout(config.head_timeout_s)

    async def start(self) -> str:
        """Serve; return the address. Raises `OSError` when it cannot be listened to, `ConfigError`
        when a policy file or a schema cannot be used."""
        config = self._config
        if config.listen_proxy_protocol:
            self._introductions = Introductions(TrustedProxies(config.trusted_proxies))
        daemons = [await self._daemon(name, daemon) for name, daemon in config.daemons.items()]
        doors = self._doors(daemons)
        self._access = Access(doors)
        self._authentication = Authentication(locks_of(config))
        await self._authentication.start(fetch)
        gate = Gate(Directory(daemons), self._registry, self._access, self._authentication)
        parts = Parts(
            config,
            gate,
            self._authentication,
            self._takeover,
            self._doctor,
            url_policy(list(doors.values())),
            self._introductions,
            self._head_timeout,
        )
        self._runner = runner_of(application(parts), config.shutdown_s)
        await self._runner.setup()
        assert self._runner.server is not None
        sockets = await listen_at(config.listen)
        heard = None if self._introductions is None else self._introductions.heard
        make_protocol = self._head_timeout.running_in(our_connections(self._runner.server))
        self._acceptor = Acceptor(sockets, make_protocol, heard)
        self._acceptor.start()
        self._access.start()
        self._tell_shortfall()
        await self._serve_policies(doors, sockets[0])
        address = address_of(sockets[0], config)
        logger.info("listening on %s", address)
        return address

    async def _serve_policies(self, doors: Mapping[str, Door], http: socket.socket) -> None:
        """Answer Flash Player where that is configured."""
        config = self._config
        if config.policy_listen is None:
            return
        own = port_of(http, config.listen)
        served = [(door, movie_ports(config.daemons[name])) for name, door in doors.items()]
        sockets = await listen_at(config.policy_listen)
        self._policy_port = PolicyPort(sockets, socket_policy(served, own))
        self._policy_port.start()
        told = sockets[0].getsockname()
        where = HostPort(*told[:2]) if isinstance(config.policy_listen, HostPort) else told
        logger.info("serving policies on %s", where)

    async def drain(self) -> None:
        """Take no new sessions and let those there are go on, until none is open or `drain_s` are
        over."""
        logger.info("draining", extra={"fields": {"sessions": self._registry.open_count}})
        await self._registry.drain()

    async def stop(self) -> None:
        """End all sessions with `shutdown`, tell their clients, flush what was accepted, close
        everything. Who does not let go within `shutdown_s` is cut off."""
        try:
            async with asyncio.timeout(self._config.shutdown_s):
                await self._let_go()
        except TimeoutError:
            logger.warning("not all connections have ended in time; they are cut off")
        self._registry.forget_all()

    def _tell_shortfall(self) -> None:
        """Say so when `max_sessions` is more than the host allows."""
        if self._config.max_sessions < self._wanted_sessions:
            story = {
                "max_sessions": self._config.max_sessions,
                "wanted": self._wanted_sessions,
                "descriptors": descriptors.limit(),
                "advice": f"{descriptors.REMEDY}, or lower max_sessions",
            }
            logger.warning("too few file descriptors", extra={"fields": story})

    async def _let_go(self) -> None:
        if self._access is not None:
            await self._access.stop()
        if self._authentication is not None:
            await self._authentication.stop()
        if self._policy_port is not None:
            self._policy_port.close()
        if self._runner is not None:
            self._registry.end_all()
            await self._registry.told()
            if self._acceptor is not None:
                self._acceptor.close()
            await self._registry.flushed()
            await self._takeover.closed()
            await self._doctor.stop()
            await self._runner.cleanup()
        self._head_timeout.stop()
        for server in self._embedded:
            await server.stop()

    async def _daemon(self, name: str, daemon: DaemonConfig) -> Daemon:
        if not daemon.embedded:
            return daemon_of(self._config, name, daemon.host, daemon.port)
        server = ChatServer()
        self._embedded.append(server)
        return daemon_of(self._config, name, *await server.start("127.0.0.1", 0))

    def _doors(self, daemons: list[Daemon]) -> dict[str, Door]:
        builder = DoorBuilder(self._config, Names().addresses, asyncio.get_running_loop().time)
        return {
            daemon.name: builder.build(daemon.name, daemon.host, daemon.port) for daemon in daemons
        }


def runner_of(served: web.Application, shutdown_s: float) -> web.AppRunner:
    """What lets aiohttp serve it."""
    return web.AppRunner(
        served,
        access_log=None,
        logger=http_logger(),
        handler_cancellation=True,
        auto_decompress=False,  # http/upload does it, within bounds
        read_bufsize=READ_BYTES,
        shutdown_timeout=shutdown_s,
        keepalive_timeout=KEEP_ALIVE_S,
    )


def http_logger() -> logging.Logger:
    """Where aiohttp reports what happens outside of our handlers."""
    http = logging.getLogger("bridge.http.server")
    http.addFilter(is_worth_logging)
    return http


def fitted(config: Config) -> Config:
    """With no more sessions than the process has file descriptors for."""
    fitting = descriptors.sessions_within(descriptors.limit())
    return config.model_copy(update={"max_sessions": min(config.max_sessions, fitting)})


async def listen_at(address: Listen) -> list[socket.socket]:
    """Listen there. The `OSError` of a failure has the address as its `filename`."""
    try:
        return await listen_on(address)
    except OSError as error:
        error.filename = str(address)
        raise


def port_of(bound: socket.socket, listen: Listen) -> int | None:
    """The port that was really taken; a unix socket has none."""
    return None if isinstance(listen, UnixPath) else int(bound.getsockname()[1])


def address_of(listening: socket.socket, config: Config) -> str:
    """The address to open, with the port that was really taken."""
    if isinstance(config.listen, UnixPath):
        return str(config.listen)
    bound = HostPort(*listening.getsockname()[:2])
    return f"http://{bound}{config.base_path}"

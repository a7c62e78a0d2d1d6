"""Policies as the tests write them, and ports that answer with them."""

import socket
import socketserver
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from threading import Thread

from tests.support.daemon import DaemonConnection, ScriptedDaemon

REQUEST = b"<policy-file-request/>"


def grant(domain: str = "*", ports: str = "*", more: str = "") -> str:
    """An element that lets pages in."""
    return f'<allow-access-from domain="{domain}" to-ports="{ports}" {more}/>'


def control(meta: str) -> str:
    """The element that states a meta-policy."""
    return f'<site-control permitted-cross-domain-policies="{meta}"/>'


def policy(*elements: str) -> bytes:
    """A policy file of these elements."""
    return f"<cross-domain-policy>{''.join(elements)}</cross-domain-policy>".encode()


class PolicyPort:
    """A daemon on `port` that answers the request for a policy with `answer`; `None`: not at all.

    What else it is sent it echoes. `questions` counts the requests.
    """

    def __init__(self, daemon: ScriptedDaemon, port: int) -> None:
        self.daemon = daemon
        self.port = port
        self.answer: bytes | None = None
        self.questions = 0
        daemon.on_message = self._on_message

    def _on_message(self, connection: DaemonConnection, message: bytes) -> None:
        if message != REQUEST:
            connection.say(message)
            return
        self.questions += 1
        if self.answer is not None:
            connection.say(self.answer)


@asynccontextmanager
async def policy_port(port: int = 0) -> AsyncIterator[PolicyPort]:
    """Listens on a port of 127.0.0.1, which refuses connections as soon as this is over."""
    with socket.create_server(("127.0.0.1", port)) as listening:
        listening.setblocking(False)
        async with ScriptedDaemon(listening) as daemon:
            yield PolicyPort(daemon, listening.getsockname()[1])


class PolicyHandler(socketserver.BaseRequestHandler):
    """Answers whatever it is asked, and hangs up."""

    server: "PolicyServer"

    def handle(self) -> None:
        self.request.recv(len(REQUEST) + 1)
        self.request.sendall(self.server.answer + b"\0")


class PolicyServer(socketserver.ThreadingTCPServer):
    """Serves one policy on a port of 127.0.0.1, in threads, so that bridges can outlive a test."""

    daemon_threads = True

    def __init__(self, answer: bytes) -> None:
        super().__init__(("127.0.0.1", 0), PolicyHandler)
        self.answer = answer

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@contextmanager
def policy_server(answer: bytes) -> Iterator[PolicyServer]:
    """Serves the policy meanwhile."""
    with PolicyServer(answer) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()

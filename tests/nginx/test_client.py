"""The asyncio client through nginx as it is shipped, in the clear and over TLS."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.client import NotOpened, Options, Transport, XmlSocket
from tests.nginx.way import Way
from tests.support.daemon import ScriptedDaemon
from tests.support.deadline import within_deadline
from tests.support.nginx import RunningNginx


@pytest.fixture(autouse=True)
async def all_is_closed_in_the_end() -> AsyncIterator[None]:
    """A TLS handshake that is given up while it is under way is finished, and then closed, behind
    the back of whoever gave it up; the event loop must live so long."""
    before = descriptors()
    yield
    async with within_deadline("the end of all connections"):
        while descriptors() - before:  # noqa: ASYNC110 - the kernel rings no bell
            await asyncio.sleep(0.01)


def descriptors() -> set[str]:
    """The numbers of those that are open in this process."""
    return {entry.name for entry in Path("/proc/self/fd").iterdir()}


@pytest.mark.parametrize("transport", ["websocket", "event-stream", "long-poll"])
async def test_the_client_carries_messages_by_each_transport(
    way: Way, daemon: ScriptedDaemon, transport: Transport
) -> None:
    daemon.echo()
    options = Options(ssl=way.tls, transports=[transport])
    async with XmlSocket.connect(way.http.origin, "demo", options) as socket:
        numbers = [await socket.send(f"<n>{number}</n>") for number in range(1, 101)]
        async with within_deadline("the echo"):
            for number in numbers:
                assert await socket.receive() == f"<n>{number}</n>"
        assert socket.transport == transport


async def test_the_client_trusts_no_certificate_that_nobody_has_signed(nginx: RunningNginx) -> None:
    with pytest.raises(NotOpened, match="unreachable"):
        async with XmlSocket.connect(f"https://127.0.0.1:{nginx.tls_port}/", "demo"):
            pass

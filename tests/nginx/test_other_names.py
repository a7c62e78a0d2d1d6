"""nginx with other-names.conf beside its site: who comes by another name gets nothing."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.access.peers import all_that_came, peer
from tests.support.deadline import DEADLINE_S, within_deadline
from tests.support.nginx import RunningNginx, edited

SITE: Final = "bridge.example.com"


class NginxOfOneName(RunningNginx):
    """Answers to the name in site.conf alone."""

    def _install(self) -> None:
        super()._install()
        installed = self.folder / "xmlsocket-bridge"
        changes = {
            "listen 80 ": f"listen 127.0.0.1:{self.plain_port} ",
            "listen [::]:80 default_server;": "",
            "listen 443 ": f"listen 127.0.0.1:{self.tls_port} ",
            "listen [::]:443 ssl default_server;": "",
        }
        others = edited((installed / "other-names.conf").read_text(), changes)
        site = installed / "site.conf"
        site.write_text(site.read_text() + others)


@pytest.fixture(scope="module")
def nginx(bridge_socket: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNginx]:
    with NginxOfOneName(tmp_path_factory.mktemp("nginx"), bridge_socket) as nginx:
        yield nginx


def trusting_any_name(nginx: RunningNginx) -> ssl.SSLContext:
    context = nginx.tls_context
    context.check_hostname = False
    return context


def asked_by(host: str) -> bytes:
    return f"GET /v1/daemons HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()


async def answer_in_the_clear(nginx: RunningNginx, host: str) -> bytes:
    async with peer(nginx.plain_port) as (reader, writer):
        writer.write(asked_by(host))
        return await all_that_came(reader)


async def answer_over_tls(nginx: RunningNginx, name: str | None, host: str) -> bytes:
    """`name` is that of the handshake, None for none."""
    context = trusting_any_name(nginx)
    async with within_deadline("the handshake"):
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", nginx.tls_port, ssl=context, server_hostname=name or ""
        )
    writer.write(asked_by(host))
    try:
        return await all_that_came(reader)
    finally:
        writer.close()


async def test_the_name_of_the_site_leads_to_the_bridge(nginx: RunningNginx) -> None:
    assert b" 200 OK" in await answer_in_the_clear(nginx, SITE)
    assert b" 200 OK" in await answer_over_tls(nginx, SITE, SITE)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", f"x.{SITE}", f"{SITE}.evil.example"])
async def test_another_name_gets_no_answer(nginx: RunningNginx, host: str) -> None:
    assert await answer_in_the_clear(nginx, host) == b""


@pytest.mark.parametrize("name", ["evil.example", None])
async def test_another_name_gets_no_certificate(nginx: RunningNginx, name: str | None) -> None:
    with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"):
        await answer_over_tls(nginx, name, SITE)


async def test_another_name_behind_the_handshake_of_the_site_gets_no_answer(
    nginx: RunningNginx,
) -> None:
    assert await answer_over_tls(nginx, SITE, "evil.example") == b""


def test_a_tls_session_is_resumed_from_the_cache(nginx: RunningNginx) -> None:
    """The default server's cache is the one that nginx looks in."""
    context = trusting_any_name(nginx)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_TICKET
    with shaken(nginx, context, None) as first:
        session = first.session
    with shaken(nginx, context, session) as second:
        assert second.session_reused


@contextmanager
def shaken(
    nginx: RunningNginx, context: ssl.SSLContext, session: ssl.SSLSession | None
) -> Iterator[ssl.SSLSocket]:
    """A connection after its handshake."""
    address = ("127.0.0.1", nginx.tls_port)
    with (
        socket.create_connection(address, DEADLINE_S) as plain,
        context.wrap_socket(plain, server_hostname=SITE, session=session) as secured,
    ):
        yield secured

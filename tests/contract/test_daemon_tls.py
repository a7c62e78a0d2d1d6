"""A bridge whose configuration says that a daemon speaks TLS."""

import asyncio
import ssl
from pathlib import Path

from tests.support.bridge import StartBridge
from tests.support.clients import Client
from tests.support.configured import MakeConfig
from tests.support.daemon import DaemonConnection, ScriptedDaemon
from tests.support.nginx import make_certificate


async def test_sessions_are_carried_by_tls_to_a_daemon_that_proves_its_name_and_to_no_other(
    start_bridge: StartBridge, config: MakeConfig, daemon: ScriptedDaemon, tmp_path: Path
) -> None:
    certificate = tmp_path / "daemon.pem"
    make_certificate(certificate, tmp_path / "daemon.key")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, tmp_path / "daemon.key")
    server = await asyncio.get_running_loop().create_server(
        lambda: DaemonConnection(daemon), "127.0.0.1", 0, ssl=context
    )
    address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    daemon.echo()
    daemons = {
        "proved": {"address": address, "tls": {"ca": str(certificate)}},
        "unproved": {
            "address": address,
            "tls": {"ca": str(certificate), "server_name": "game.example.com"},
        },
    }
    bridge = start_bridge(config(daemons=daemons))
    async with Client(bridge.url) as client:
        assert (await client.exchange(b"<a/>", daemon="proved")).messages == [b"<a/>"]
        (await client.post_open("unproved")).problem(502, "daemon-unreachable")
    assert "game.example.com" in await bridge.logged("certificate verify failed")
    server.close()

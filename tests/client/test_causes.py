"""What stood in the way of a session is told in words, and is the cause of the exception."""

import asyncio
import ssl
import traceback
from pathlib import Path

import aiohttp
import pytest

from bridge.client import NotOpened, Options, XmlSocket
from tests.doctor.test_obstacle import answering
from tests.support.deadline import within_deadline
from tests.support.nginx import make_certificate
from tests.web.cable import Cable, WebSockets

NO_BRIDGE = "unreachable: the bridge did not answer"
PASSWORD = "known-to-the-proxy"
PROXY_WANTS_IT = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"


async def not_opened(url: str, options: Options | None = None) -> NotOpened:
    """What connecting raises."""
    with pytest.raises(NotOpened) as raised:
        async with within_deadline("a failure"), XmlSocket.connect(url, "text", options):
            pass
    return raised.value


async def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    await asyncio.to_thread(make_certificate, certificate, key)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    async with answering(b"", tls) as address:
        failure = await not_opened(f"https://{address}/")
    assert str(failure) == f"{NO_BRIDGE}: the certificate is not good: self-signed certificate"
    assert isinstance(failure.__cause__, aiohttp.ClientConnectorCertificateError)


async def test_a_host_that_is_not_known() -> None:
    failure = await not_opened("http://bridge.invalid/")
    assert str(failure) == f"{NO_BRIDGE}: the name bridge.invalid has no address"
    assert isinstance(failure.__cause__, aiohttp.ClientConnectorDNSError)


async def test_a_port_where_nobody_listens(dead_port: int) -> None:
    failure = await not_opened(f"http://127.0.0.1:{dead_port}/")
    assert str(failure) == f"{NO_BRIDGE}: 127.0.0.1:{dead_port}: Connection refused"


async def test_a_proxy_that_wants_a_password_tells_it_to_nobody() -> None:
    async with answering(PROXY_WANTS_IT) as address:
        options = Options(proxy=f"http://ada:{PASSWORD}@{address}")
        failure = await not_opened("https://bridge.invalid/", options)
    assert str(failure) == f"{NO_BRIDGE}: the proxy answers HTTP 407"
    assert PASSWORD not in "".join(traceback.format_exception(failure))


async def test_a_websocket_that_does_not_get_through(cable: Cable) -> None:
    cable.websockets = WebSockets.REFUSED
    failure = await not_opened(cable.url, Options(transports=["websocket"]))
    assert str(failure) == (
        "websocket-failed: the bridge can be reached, but not by WebSocket: the answer is HTTP 400"
    )
    assert failure.__cause__ is not None


async def test_a_refusal_of_the_bridge_has_no_cause_but_itself(cable: Cable) -> None:
    failure = await not_opened(cable.url + "nowhere/")
    assert failure.code == "not-found"
    assert failure.__cause__ is None

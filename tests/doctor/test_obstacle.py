"""What is in the way of the first request is told in plain words."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey

from bridge.doctor.examination import examination
from bridge.doctor.obstacle import in_words
from tests.support.nginx import make_certificate

HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: "


@asynccontextmanager
async def answering(answer: bytes, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Where each request gets these bytes and the end: its host and port."""

    async def answer_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1 << 16)
        writer.write(answer)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    server = await asyncio.start_server(answer_one, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def detail(url: str) -> str:
    """What is told of a bridge that cannot be reached."""
    async with examination(url) as examined:
        [finding] = [each async for each in examined.run(0)]
    assert finding.outcome == "fails"
    return str(finding.figures["detail"])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (HEAD + b"text/html\r\n\r\n<html>", "the answer is not a bridge's"),
        (HEAD + b"application/json\r\n\r\n{", "the answer is not a bridge's"),
        (HEAD + b"application/json\r\n\r\n[]", "the answer is not a bridge's"),
        (HEAD + b"application/json\r\n\r\n{}", "the answer is not a bridge's"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "the answer is HTTP 404"),
        (b"", "the connection was closed without an answer"),
    ],
)
async def test_an_answer_that_is_no_bridges(answer: bytes, words: str) -> None:
    async with answering(answer) as address:
        assert await detail(f"http://{address}/") == words


async def test_more_than_this_version_knows_of_is_overlooked() -> None:
    told = b'{"version": "9", "heartbeat_s": 1, "wait_s": 1, "max_quiet_s": 1, "more": 1}'
    async with (
        answering(HEAD + b"application/json\r\n\r\n" + told) as address,
        examination(f"http://{address}/") as examined,
    ):
        findings = [each async for each in examined.run(0)]
    assert findings[0].in_words == "The bridge answers: version 9."


async def test_a_port_without_tls() -> None:
    async with answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as address:
        words = await detail(f"https://{address}/")
    assert words == "no TLS is spoken there; is it http:// rather than https://?"


async def test_a_handshake_that_is_broken_off() -> None:
    async with answering(b"") as address:
        words = await detail(f"https://{address}/")
    assert words == f"{address}: the connection was closed"


async def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    make_certificate(certificate, key)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    async with answering(b"", tls) as address:
        words = await detail(f"https://{address}/")
    assert words == "the certificate is not good: self-signed certificate"


async def test_a_proxy_that_is_not_there(dead_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{dead_port}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    words = await detail("http://bridge.invalid/")
    assert words == f"the proxy 127.0.0.1:{dead_port}: Connection refused"


def test_a_name_without_an_address() -> None:
    key = ConnectionKey("bridge.invalid", 443, True, True, None, None, None)
    error = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    told = in_words(aiohttp.ClientConnectorDNSError(key, error))
    assert told == "the name bridge.invalid has no address"


def test_several_addresses_of_which_none_answers() -> None:
    key = ConnectionKey("bridge.invalid", 443, True, True, None, None, None)
    error = OSError("Multiple exceptions: [Errno 113] ..., [Errno 101] ...")
    told = in_words(aiohttp.ClientConnectorError(key, error))
    assert told == "bridge.invalid:443: no address of it can be reached"

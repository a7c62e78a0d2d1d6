"""A page, `websocat` and `curl` in one chat, all of them through nginx."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.support.bridge import StartBridge
from tests.support.deadline import within_deadline
from tests.support.nginx import RunningNginx
from tests.web.console_page import ConsolePage
from tests.web.pages import OpenPage

pytestmark = pytest.mark.asyncio(loop_scope="module")

WEBSOCAT = Path(sys.executable).with_name("websocat")


@pytest.fixture(scope="module")
def nginx(
    start_bridge: StartBridge, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningNginx]:
    """In front of a bridge with the embedded chat."""
    path = tmp_path_factory.mktemp("s") / "bridge"
    start_bridge({"listen": f"unix:{path}", "daemons": {"demo": {"embedded": "chat"}}})
    with RunningNginx(tmp_path_factory.mktemp("nginx"), path) as nginx:
        yield nginx


@dataclass
class CurlPoller:
    """A client that has nothing but curl."""

    url: str
    session: str = ""
    key: str = ""
    received: int = 0

    async def curl(self, *arguments: str) -> bytes:
        process = await asyncio.create_subprocess_exec(
            "curl", "--silent", "--fail", "--insecure", *arguments, stdout=PIPE
        )
        output, _ = await process.communicate()
        assert process.returncode == 0, arguments
        return output

    async def open(self) -> None:
        opened = json.loads(await self.curl("-X", "POST", f"{self.url}v1/daemons/demo/sessions"))
        self.session = f"{self.url}v1/sessions/{opened['id']}/messages"
        self.key = f"Authorization: Bearer {opened['key']}"

    async def say(self, text: str) -> None:
        body = json.dumps({"messages": [f"<say>{text}</say>"]})
        await self.curl("-H", self.key, "--json", body, self.session)

    async def hears(self, text: bytes) -> None:
        """Polls until a message holds this text."""
        async with within_deadline(f"{text!r} at curl"):
            heard = False
            while not heard:
                query = f"?ack={self.received}&wait=10"
                answer = await self.curl("-H", self.key, self.session + query)
                messages = answer.split(b"\0")[:-1]
                self.received += len(messages)
                heard = any(text in message for message in messages)


async def websocat(url: str) -> asyncio.subprocess.Process:
    address = url.replace("http", "ws", 1) + "v1/daemons/demo/websocket"
    return await asyncio.create_subprocess_exec(
        WEBSOCAT, "--insecure", "--text", address, stdin=PIPE, stdout=PIPE
    )


async def say_by(process: asyncio.subprocess.Process, text: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"<say>{text}</say>\n".encode())
    await process.stdin.drain()


async def hears_by(process: asyncio.subprocess.Process, *texts: bytes) -> None:
    """Reads until each text has come, in any order."""
    assert process.stdout is not None
    missing = set(texts)
    async with within_deadline(f"{texts} at websocat"):
        while missing:
            line = await process.stdout.readline()
            assert line, f"websocat has ended without {missing}"
            missing -= {text for text in missing if text in line}


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_page_websocat_and_curl_chat(
    nginx: RunningNginx, open_page: OpenPage, scheme: str
) -> None:
    port = nginx.tls_port if scheme == "https" else nginx.plain_port
    url = f"{scheme}://127.0.0.1:{port}/"
    console = await ConsolePage.load(await open_page(ignore_https_errors=True), url)
    await console.connect()
    curl = CurlPoller(url)
    await curl.open()
    cat = await websocat(url)
    try:
        await hears_by(cat, b"<welcome")
        await curl.hears(b"<welcome")
        await console.send("<say>from the page</say>")
        await curl.say("from curl")
        await say_by(cat, "from websocat")
        for text in ("from the page", "from curl", "from websocat"):
            await expect(console.received.filter(has_text=f">{text}<")).to_have_count(1)
        await hears_by(cat, b"from the page", b"from curl", b"from websocat")
        await curl.hears(b"from websocat")
    finally:
        cat.terminate()
        await cat.wait()

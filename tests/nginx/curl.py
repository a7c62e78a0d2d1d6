"""HTTP by the curl program: an HTTP/2 client that is not ours."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from multidict import CIMultiDict

from tests.support.answers import Answer
from tests.support.deadline import within_deadline

# No file or variable of the machine has a say: no ~/.curlrc, no proxy.
COMMAND: Final = ("curl", "--disable", "--noproxy", "*", "--silent", "--show-error", "--include")
NO_HEADERS: Final[Mapping[str, str]] = {}


class Curl:
    """Requests to one origin, such as `https://127.0.0.1:8443`, in one version of HTTP.

    `version` is what curl calls it: "1.1" or "2". `certificate` is the only one trusted.
    """

    def __init__(self, origin: str, version: str, certificate: str | None = None) -> None:
        self.origin = origin
        self.version = version
        self._trust = () if certificate is None else ("--cacert", certificate)

    async def get(self, path: str, headers: Mapping[str, str] = NO_HEADERS) -> Answer:
        return await self._request("GET", path, headers, None)

    async def post(
        self, path: str, body: bytes = b"", headers: Mapping[str, str] = NO_HEADERS
    ) -> Answer:
        return await self._request("POST", path, headers, body)

    @asynccontextmanager
    async def stream(
        self, path: str, headers: Mapping[str, str] = NO_HEADERS
    ) -> AsyncIterator[asyncio.StreamReader]:
        """The body of a 200 as it comes; leaving the block ends the request."""
        process = await self._start("GET", path, headers, "--no-buffer")
        assert process.stdout is not None
        try:
            async with within_deadline(f"the head of the answer to {path}"):
                head = await process.stdout.readuntil(b"\r\n\r\n")
            assert self._parse(head).status == 200, head
            yield process.stdout
        finally:
            if process.returncode is None:
                process.terminate()
            await process.communicate()

    async def _request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        send_body = () if body is None else ("--data-binary", "@-")
        process = await self._start(method, path, headers, *send_body)
        async with within_deadline(f"the answer to {method} {path}"):
            output, errors = await process.communicate(body or b"")
        assert output, f"curl had no answer to {method} {path}: {errors.decode()}"
        return self._parse(output)

    def _parse(self, output: bytes) -> Answer:
        """From what `curl --include` prints, which tells the version of HTTP too."""
        head, _, body = output.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        protocol, status = first.split()[:2]
        assert protocol == f"HTTP/{self.version}", first
        fields = (line.split(": ", 1) for line in lines)
        return Answer(int(status), CIMultiDict((name, value) for name, value in fields), body)

    async def _start(
        self, method: str, path: str, headers: Mapping[str, str], *options: str
    ) -> Process:
        # curl asks before it sends a long body, and labels it a form, unless told not to.
        lines = ["Expect:", "Content-Type: application/vnd.xmlsocket"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        arguments = [part for line in lines for part in ("--header", line)]
        return await asyncio.create_subprocess_exec(
            *(*COMMAND, f"--http{self.version}", *self._trust, *options),
            *("--request", method, *arguments, self.origin + path),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
        )

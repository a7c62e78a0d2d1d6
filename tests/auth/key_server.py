"""An issuer's server on the loopback, which answers each request as the test says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

SET_HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"


class KeyServer:
    """`answer` is sent, then the connection is closed unless it is to hang; `paths` are those asked
    for."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.hangs = False
        self.paths: list[str] = []
        self.url = ""
        self._over = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.paths.append(head.split(b" ")[1].decode())
        writer.write(self.answer)
        if self.hangs:
            await self._over.wait()
        writer.close()

    def finish(self) -> None:
        """Lets go of those that hang."""
        self._over.set()


@asynccontextmanager
async def key_server(body: bytes = b"", *, answer: bytes | None = None) -> AsyncIterator[KeyServer]:
    """Serves the body, or a whole answer, at `url`."""
    served = KeyServer(SET_HEAD + body if answer is None else answer)
    server = await asyncio.start_server(served.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    served.url = f"http://{host}:{port}/jwks.json"
    try:
        yield served
    finally:
        served.finish()
        server.close()
        await server.wait_closed()

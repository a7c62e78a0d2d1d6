"""A WebSocket handshake that is refused leaves nginx's connection to the bridge to the next client.

What comes behind its head is its body to both or to neither; else the one would take for a request
what the other does not.
"""

import re
from typing import Final

import pytest

from tests.access.peers import all_that_came, peer
from tests.nginx.way import plain_way
from tests.security.test_smuggling import CHUNK, HIDDEN
from tests.support.daemon import ScriptedDaemon
from tests.support.nginx import RunningNginx

FOREIGN: Final = b"Origin: https://evil.example\r\n"
BODIES: Final = {
    "none": b"\r\n",
    "by length": b"Content-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN,
    "in chunks": b"Transfer-Encoding: chunked\r\n\r\n" + CHUNK,
}
NEXT: Final = b"GET /v1/daemons HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


def handshake(path: str, body: bytes) -> bytes:
    """One of a page that may not connect."""
    head = (
        f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    )
    return head.encode() + FOREIGN + body


@pytest.mark.parametrize("path", ["/v1/daemons/demo/websocket", "/v1/nothing"])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
async def test_what_is_behind_a_refused_handshake_is_no_request(
    nginx: RunningNginx, daemon: ScriptedDaemon, path: str, body: bytes
) -> None:
    async with peer(nginx.plain_port) as (reader, writer):
        writer.write(handshake(path, body) + NEXT)
        answers = await all_that_came(reader)
    assert [line.split()[1] for line in re.findall(rb"HTTP/1.1 .*", answers)][1:] == [b"200"]
    for _ in range(3):  # whoever comes next on nginx's connections to the bridge
        daemons = (await plain_way(nginx).http.get("/v1/daemons")).json()["daemons"]
        assert [each["name"] for each in daemons] == ["demo"]
    assert daemon.connections == []

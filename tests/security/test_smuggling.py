"""Request smuggling: a second request hidden in the body of a first, through nginx and without it.

If nginx and the bridge understood the length of a body differently, what is the body to one would
be a request to the other, which answers it to whoever comes next on that connection.
"""

import pytest
from yarl import URL

from tests.access.peers import all_that_came, peer
from tests.nginx.way import Way
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client
from tests.support.daemon import ScriptedDaemon

HIDDEN = (
    b"POST /v1/daemons/demo/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n"
    b"Connection: close\r\n\r\n"
)
CHUNKED = b"Transfer-Encoding: chunked"
WHOLE = b"Content-Length: %d" % (len(HIDDEN) + 5)
CHUNK = b"%x\r\n%s\r\n0\r\n\r\n" % (len(HIDDEN), HIDDEN)
ENDED = b"0\r\n\r\n" + HIDDEN

# The lines that frame the body, and the body.
AMBIGUOUS = {
    "CL.TE": (WHOLE + b"\r\n" + CHUNKED, ENDED),
    "TE.CL": (CHUNKED + b"\r\nContent-Length: 4", CHUNK),
    "CL.0": (b"Content-Length: 0", HIDDEN),
    "two lengths, the longer last": (b"Content-Length: 0\r\n" + WHOLE, b"12345" + HIDDEN),
    "two lengths, the shorter last": (WHOLE + b"\r\nContent-Length: 0", b"12345" + HIDDEN),
    "two lengths in a line": (b"Content-Length: 0, %d" % len(HIDDEN), HIDDEN),
    "a length with a sign": (b"Content-Length: +%d" % len(HIDDEN), HIDDEN),
    "a length with a zero byte": (b"Content-Length: 0\0", HIDDEN),
    "a space before the colon": (WHOLE + b"\r\nTransfer-Encoding : chunked", ENDED),
    "a tab before the colon": (WHOLE + b"\r\nTransfer-Encoding\t: chunked", ENDED),
    "a vertical tab in the value": (WHOLE + b"\r\nTransfer-Encoding: \x0bchunked", ENDED),
    "another word": (WHOLE + b"\r\nTransfer-Encoding: xchunked", ENDED),
    "a quoted word": (WHOLE + b'\r\nTransfer-Encoding: "chunked"', ENDED),
    "chunked and identity": (WHOLE + b"\r\nTransfer-Encoding: chunked, identity", ENDED),
    "two transfer codings": (WHOLE + b"\r\nTransfer-Encoding: identity\r\n" + CHUNKED, ENDED),
    "a folded line": (WHOLE + b"\r\nTransfer-Encoding:\r\n chunked", ENDED),
    "a line within a folded one": (WHOLE + b"\r\nX: y\r\n " + CHUNKED, b"12345" + HIDDEN),
    "a bare LF before the coding": (WHOLE + b"\r\nX: y\n" + CHUNKED, ENDED),
    "a bare CR before the coding": (WHOLE + b"\r\nX: y\r" + CHUNKED, b"12345" + HIDDEN),
    "a bare LF in an extension": (CHUNKED, b"0;x\n\r\n" + HIDDEN),
    "a bare LF behind a size": (CHUNKED, b"0\n\r\n" + HIDDEN),
    "a bare CR in an extension": (CHUNKED, b"2;x\ry\r\nab\r\n0\r\n\r\n"),
    "a size beyond 64 bits": (CHUNKED, b"10000000000000000\r\n\r\n" + HIDDEN),
    "a size with 0x": (CHUNKED, b"0x0\r\n\r\n" + HIDDEN),
    "a chunk without its end": (CHUNKED, b"2\r\nab0\r\n\r\n" + HIDDEN),
    "a length in a trailer": (CHUNKED, b"0\r\nContent-Length: 5\r\n\r\n"),
}


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, address: str) -> RunningBridge:
    return start_bridge({"daemons": {"demo": {"address": address}}})


def smuggler(framing: bytes, body: bytes) -> bytes:
    """A request for nothing that is there; nothing is opened by it."""
    line = b"POST /v1/nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    return line + framing + b"\r\n\r\n" + body


@pytest.mark.parametrize(("framing", "body"), AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
async def test_a_hidden_request_gets_through_nginx_to_nobody(
    way: Way, daemon: ScriptedDaemon, framing: bytes, body: bytes
) -> None:
    async with peer(URL(way.http.origin).explicit_port or 0) as (reader, writer):
        writer.write(smuggler(framing, body))
        answers = await all_that_came(reader)
    assert answers.count(b"HTTP/1.") == 1
    for _ in range(3):  # whoever comes next on nginx's connections to the bridge
        assert (await way.http.get("/v1/daemons")).json()["daemons"][0]["name"] == "demo"
    assert daemon.connections == []


@pytest.mark.parametrize(("framing", "body"), AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
async def test_a_hidden_request_is_none_to_the_bridge(
    bridge: RunningBridge, daemon: ScriptedDaemon, framing: bytes, body: bytes
) -> None:
    async with peer(URL(bridge.url).explicit_port or 0) as (reader, writer):
        writer.write(smuggler(framing, body))
        answers = await all_that_came(reader)
    assert answers.startswith(b"HTTP/1.")
    assert b" 201 " not in answers
    async with Client(bridge.url) as client:
        assert (await client.request("GET", "v1/daemons")).status == 200
    assert daemon.connections == []
    bridge.assert_no_traceback()


async def test_a_hidden_request_that_is_open_to_see_is_the_second_of_its_connection(
    bridge: RunningBridge, daemon: ScriptedDaemon
) -> None:
    """What shows that the others would have been noticed."""
    first = b"GET /v1/daemons HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
    async with peer(URL(bridge.url).explicit_port or 0) as (reader, writer):
        writer.write(first + HIDDEN)
        answers = await all_that_came(reader)
    assert answers.count(b"HTTP/1.1 ") == 2
    await daemon.accepted()

"""Other implementations make of the same bytes what the bridge does, known differences apart."""

from collections.abc import Iterator

import pytest
from hypothesis import assume, given, settings
from yarl import URL

from tests.rfc6455 import bridge_reader, peer, websockets_reader
from tests.rfc6455.conversation import CLOSE_NORMALLY
from tests.rfc6455.differences import (
    AIOHTTP,
    DIFFERENCES,
    WEBSOCKETS,
    WS,
    Difference,
    excused,
)
from tests.rfc6455.frame import PONG
from tests.rfc6455.reading import Reading
from tests.rfc6455.reference import Broken
from tests.rfc6455.streams import cut, decided, nearly_sound
from tests.rfc6455.table.case import Case, pieces
from tests.rfc6455.table.rows import CASES

MOST_BYTES = 1 << 14
"""Who fails a connection may drop what has not been read yet, and reset it."""

bounded = settings(max_examples=150, deadline=None, derandomize=True)
fewer = settings(bounded, max_examples=120)

SERVERS = {WS: peer.node("ws_server.mjs"), AIOHTTP: peer.python("aiohttp_server.py")}


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, URL]]:
    """The other servers, by their names."""
    with peer.running(SERVERS[WS]) as ws, peer.running(SERVERS[AIOHTTP]) as aiohttp:
        yield {WS: ws, AIOHTTP: aiohttp}


def outside(reading: Reading) -> Reading:
    """What the other end can see of it."""
    said = tuple(part for part in reading.said if part[0] != PONG)
    return Reading(said, b"", reading.status)


def ended(stream: bytes) -> bytes:
    """The stream, with a Close frame behind it if the connection would stay open."""
    is_open = bridge_reader.read([stream]).status is None
    return stream + CLOSE_NORMALLY if is_open else stream


def rows(name: str) -> list[Case]:
    """Those that mean the same to the other implementation."""
    return [case for case in CASES if not excused(name, ended(case.stream))]


@pytest.mark.parametrize("size", [1, 1 << 20])
@pytest.mark.parametrize("case", rows(WEBSOCKETS), ids=lambda case: case.name)
def test_websockets_makes_of_a_row_what_the_bridge_does(case: Case, size: int) -> None:
    chunks = pieces(case.stream[:2000], size) + pieces(case.stream[2000:], 1 << 14)
    assert outside(websockets_reader.read(chunks)) == outside(bridge_reader.read(chunks))


@given(cut(nearly_sound()))
@bounded
def test_websockets_makes_of_a_nearly_sound_stream_what_the_bridge_does(
    chunks: list[bytes],
) -> None:
    assume(not excused(WEBSOCKETS, b"".join(chunks)))
    assert outside(websockets_reader.read(chunks)) == outside(bridge_reader.read(chunks))


@pytest.mark.parametrize(
    ("name", "case"),
    [pytest.param(name, case, id=f"{name}-{case.name}") for name in SERVERS for case in rows(name)],
)
async def test_another_server_makes_of_a_row_what_the_bridge_does(
    servers: dict[str, URL], name: str, case: Case
) -> None:
    stream = ended(case.stream)
    assert await peer.read(servers[name], stream) == outside(bridge_reader.read([stream]))


@pytest.mark.parametrize("name", SERVERS)
@given(stream=nearly_sound().map(decided).map(ended).filter(lambda it: len(it) <= MOST_BYTES))
@fewer
async def test_another_server_makes_of_a_nearly_sound_stream_what_the_bridge_does(
    servers: dict[str, URL], name: str, stream: bytes
) -> None:
    assume(not excused(name, stream))
    assert await peer.read(servers[name], stream) == outside(bridge_reader.read([stream]))


async def reading_of(name: str, servers: dict[str, URL], stream: bytes) -> Reading | None:
    """What the other implementation makes of a stream; `None` if that breaks a rule itself."""
    if name == WEBSOCKETS:
        return outside(websockets_reader.read([stream]))
    try:
        return await peer.read(servers[name], stream)
    except Broken:
        return None


@pytest.mark.parametrize(
    "difference", DIFFERENCES, ids=lambda it: f"{it.peer}-{it.is_met_by.__name__}"
)
async def test_a_known_difference_is_still_one(
    servers: dict[str, URL], difference: Difference
) -> None:
    """Behind each stream comes a Close frame, which ends what should have ended before."""
    streams = [case.stream + CLOSE_NORMALLY for case in CASES if difference.is_met_by(case.stream)]
    assert streams
    for stream in streams:
        ours = outside(bridge_reader.read([stream]))
        if await reading_of(difference.peer, servers, stream) != ours:
            return
    pytest.fail(f"{difference.peer} reads these rows as the bridge does")

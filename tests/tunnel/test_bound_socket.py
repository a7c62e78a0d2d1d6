"""A socket that is its session's only client, when the daemon has gone before it has read all."""

from bridge.http.bound_socket import BoundSocket
from bridge.protocol.bound_codecs import PlainCodec
from bridge.protocol.lifecycle import State
from tests.support.clock import SteppedLoop
from tests.tunnel.conftest import Tunnel, ended, logged
from tests.tunnel.test_registry import A_LITTLE_S, RESUME_S


class SlowConnection:
    """Takes one piece of data, and no more until it is told so."""

    def __init__(self) -> None:
        self.is_writable = False
        self.written: list[tuple[bytes, ...]] = []

    def write(self, pieces: tuple[bytes, ...]) -> None:
        self.written.append(pieces)
        self.is_writable = False


async def test_a_client_that_reads_the_tail_piece_by_piece_has_the_whole_time_for_each(
    tunnel: Tunnel, clock: SteppedLoop
) -> None:
    session, peer = await tunnel.open(resumable=False)
    bound, connection = (
        BoundSocket(session, PlainCodec(session.core.guard), "plain"),
        SlowConnection(),
    )
    bound.opened(connection)  # type: ignore[arg-type]
    for message in (b"a", b"b"):
        peer.say(message)
        await logged(session, session.core.down.last + 1)
    peer.close()
    await ended(session)
    await clock.pass_time(RESUME_S - A_LITTLE_S)
    connection.is_writable = True
    bound.drained()
    assert connection.written == [(b"\x81\x01a",)]
    await clock.pass_time(RESUME_S - A_LITTLE_S)
    assert session.core.state is State.ENDED

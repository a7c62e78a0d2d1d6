"""What a session makes of the daemon's bytes, and what is left of it after its end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import CloseCode, End
from bridge.protocol.checks import Guard, Kind
from bridge.protocol.lifecycle import IllegalTransition, State
from bridge.protocol.session_core import SessionCore, sound_part

KEPT = [
    CloseCode.DAEMON_CLOSED,
    CloseCode.DAEMON_ERROR,
    CloseCode.SHUTDOWN,
    CloseCode.BAD_ENCODING,
    CloseCode.MESSAGE_TOO_BIG,
]
DROPPED = [
    CloseCode.CLIENT_CLOSED,
    CloseCode.ABANDONED,
    CloseCode.SLOW_CLIENT,
    CloseCode.SLOW_DAEMON,
    CloseCode.KICKED,
]


def texts(limit: int = 4) -> SessionCore:
    return SessionCore(Guard("text", limit))


def logged(core: SessionCore) -> bytes:
    """All down messages not yet handed out."""
    found = b""
    while (batch := core.down.take()) is not None:
        found += batch.data
    return found


def received(core: SessionCore, stream: bytes, place: int) -> CloseCode | None:
    """The outcome of the stream, cut at a place; nothing is fed after a close code."""
    return core.receive(stream[:place]) or core.receive(stream[place:])


# -- the daemon's bytes


@pytest.mark.parametrize("place", range(9))
def test_the_daemons_stream_may_be_cut_at_every_byte(place: int) -> None:
    core = texts()
    stream = "é\0\0abcd\0".encode()
    assert [core.receive(stream[:place]), core.receive(stream[place:])] == [None, None]
    assert logged(core) == stream
    assert core.down.last == 3


def test_an_unterminated_tail_is_no_message() -> None:
    core = texts()
    assert core.receive(b"a\0b") is None
    assert (logged(core), core.down.last) == (b"a\0", 1)


def test_bytes_that_complete_no_message_leave_no_batch_behind() -> None:
    core = texts()
    core.receive(b"a")
    assert core.down.held_bytes == 0


def test_every_byte_of_the_daemon_is_counted() -> None:
    core = texts()
    core.receive(b"a\0b")
    core.receive(b"cdefg\0")
    assert core.down_bytes == 9


@pytest.mark.parametrize("place", range(9))
@pytest.mark.parametrize("kind", ["text", "bytes"])
def test_a_message_too_big_ends_the_session_behind_those_before_it(kind: Kind, place: int) -> None:
    core = SessionCore(Guard(kind, 4))
    assert received(core, b"a\0abcde\0", place) is CloseCode.MESSAGE_TOO_BIG
    assert logged(core) == b"a\0"


@pytest.mark.parametrize("place", range(8))
def test_a_message_that_is_not_utf8_ends_the_session_behind_those_before_it(place: int) -> None:
    core = texts()
    assert received(core, b"a\0b\xff\0c\0", place) is CloseCode.BAD_ENCODING
    assert logged(core) == b"a\0"


def test_a_first_message_that_is_not_utf8_leaves_the_log_empty() -> None:
    core = texts()
    assert core.receive(b"\xff\0a\0") is CloseCode.BAD_ENCODING
    assert (core.down.last, core.down.held_bytes) == (0, 0)


def test_of_two_faults_the_one_that_comes_first_in_the_stream_counts() -> None:
    core = texts()
    assert core.receive(b"a\0\xff\0abcde\0") is CloseCode.BAD_ENCODING
    assert logged(core) == b"a\0"
    other = texts()
    assert other.receive(b"a\0abcde\0\xff\0") is CloseCode.MESSAGE_TOO_BIG
    assert logged(other) == b"a\0"


def test_a_daemon_of_bytes_may_say_anything() -> None:
    core = SessionCore(Guard("bytes", 4))
    assert core.receive(b"\xff\0\xc3\0") is None
    assert logged(core) == b"\xff\0\xc3\0"


def test_unframed_each_read_is_logged_as_one_message_as_it_is() -> None:
    core = SessionCore(Guard("text", 4), framed=False)
    assert [core.receive(b"abcdefg"), core.receive(b"\xff\0\0")] == [None, None]
    assert (logged(core), core.down.last, core.down_bytes) == (b"abcdefg\xff\0\0", 2, 10)


@pytest.mark.parametrize("framed", [True, False])
def test_a_session_knows_whether_it_counts_messages(framed: bool) -> None:
    assert SessionCore(Guard("text", 4), framed=framed).is_framed is framed


@pytest.mark.parametrize(
    ("batch", "sound"),
    [
        (b"", b""),
        (b"a\0b\0", b"a\0b\0"),
        (b"a\0\xff\0b\0", b"a\0"),
        (b"\xff\0a\0", b""),
        ("é\0".encode() + b"b\xc3\0c\0", "é\0".encode()),
        (b"a\0bc\xc3\0\xa9\0", b"a\0"),
    ],
)
def test_the_sound_part_of_a_batch_ends_before_the_first_message_that_is_not_utf8(
    batch: bytes, sound: bytes
) -> None:
    assert sound_part(batch) == sound


@given(st.lists(st.sampled_from([b"", b"a", "é".encode(), b"\xc3", b"\xa9", b"a\xff"])))
def test_the_sound_part_is_found_as_if_message_by_message(messages: list[bytes]) -> None:
    sound = b""
    for message in messages:
        if message.decode(errors="ignore").encode() != message:
            break
        sound += message + b"\0"
    assert sound_part(b"".join(message + b"\0" for message in messages)) == sound


# -- the end


def test_a_new_session_is_open_without_an_end() -> None:
    core = texts()
    assert (core.is_open, core.end) == (True, None)


def test_a_session_that_ended_has_its_code_and_detail() -> None:
    core = texts()
    core.finish(End(CloseCode.DAEMON_CLOSED, "why"))
    assert (core.is_open, core.state) == (False, State.ENDED)
    assert core.end == End(CloseCode.DAEMON_CLOSED, "why")


@pytest.mark.parametrize("code", KEPT)
def test_an_end_on_the_daemons_side_keeps_the_tail(code: CloseCode) -> None:
    core = texts()
    core.receive(b"a\0b\0")
    core.finish(End(code, "why"))
    assert not core.tail_received
    assert logged(core) == b"a\0b\0"


@pytest.mark.parametrize("code", DROPPED)
def test_an_end_on_the_clients_side_drops_the_tail(code: CloseCode) -> None:
    core = texts()
    core.receive(b"a\0b\0")
    core.finish(End(code, "why"))
    assert core.tail_received
    assert (logged(core), core.down.held_bytes) == (b"", 0)


def test_every_code_keeps_or_drops_the_tail() -> None:
    assert {*KEPT, *DROPPED} == set(CloseCode)


def test_what_is_unfinished_counts_as_held_until_the_end() -> None:
    core = texts()
    core.receive(b"a\0bc")
    held = [core.held_bytes - core.down.held_bytes]
    core.finish(End(CloseCode.DAEMON_CLOSED, "why"))
    held.append(core.held_bytes - core.down.held_bytes)
    assert held == [2, 0]


def test_the_tail_is_received_when_its_last_message_is_acknowledged() -> None:
    core = texts()
    core.receive(b"a\0b\0")
    core.finish(End(CloseCode.DAEMON_CLOSED, "why"))
    logged(core)
    found = [core.tail_received]
    for number in (1, 2):
        core.down.acknowledge(number)
        found.append(core.tail_received)
    assert found == [False, False, True]


def test_an_open_session_has_no_tail_to_receive() -> None:
    assert not texts().tail_received


def test_a_session_ends_once() -> None:
    core = texts()
    core.finish(End(CloseCode.DAEMON_CLOSED, "why"))
    with pytest.raises(IllegalTransition):
        core.finish(End(CloseCode.SHUTDOWN, "later"))
    assert core.end == End(CloseCode.DAEMON_CLOSED, "why")


def test_nothing_is_held_of_a_session_that_is_forgotten() -> None:
    core = texts()
    core.receive(b"a\0b\0")
    core.finish(End(CloseCode.DAEMON_CLOSED, "why"))
    core.forget()
    assert core.state is State.FORGOTTEN
    assert (logged(core), core.down.held_bytes) == (b"", 0)


def test_an_open_session_cannot_be_forgotten() -> None:
    core = texts()
    core.receive(b"a\0")
    with pytest.raises(IllegalTransition):
        core.forget()
    assert logged(core) == b"a\0"


def test_a_session_shows_its_state_and_both_logs() -> None:
    core = texts()
    assert repr(core) == "<SessionCore OPEN <DownLog 0/0 held=0> <UpLog 0>>"
    core.finish(End(CloseCode.KICKED, "why"))
    assert repr(core) == "<SessionCore ENDED kicked <DownLog 0/0 held=0> <UpLog 0>>"

"""What the tables say is what the bridge's reader makes of their frames, cut wherever they may be,
and the reader written from the RFC too."""

from collections.abc import Iterator

import pytest

from tests.rfc6455 import bridge_reader, reference
from tests.rfc6455.frame import PING, PONG
from tests.rfc6455.reading import Reading
from tests.rfc6455.table.case import Case
from tests.rfc6455.table.rows import CASES

FEW_BYTES = 400
"""Streams up to here are cut at each byte."""

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def assert_as_told(reading: Reading, case: Case) -> None:
    """The reading is what the row of the table says."""
    messages = tuple(payload for opcode, payload in reading.said if opcode < PING)
    pings = tuple(payload for opcode, payload in reading.said if opcode == PING)
    assert all(opcode in (1, 2, PING, PONG) for opcode, _ in reading.said)
    assert (messages, pings, reading.status) == (case.messages, case.pongs, case.status)
    assert reading.status == 1007 or reading.unfinished == case.unfinished


def cuts(stream: bytes) -> Iterator[list[bytes]]:
    """The stream whole, byte by byte, and in two at each place."""
    yield [stream]
    if len(stream) <= FEW_BYTES:
        yield [stream[place : place + 1] for place in range(len(stream))]
        for place in range(1, len(stream)):
            yield [stream[:place], stream[place:]]


@each_case
def test_the_bridges_reader_makes_of_a_row_what_it_says_wherever_it_is_cut(case: Case) -> None:
    for chunks in cuts(case.stream):
        assert_as_told(bridge_reader.read(chunks), case)


@each_case
def test_the_rfc_makes_of_a_row_what_it_says(case: Case) -> None:
    assert_as_told(reference.read(case.stream), case)


def test_no_two_rows_have_the_same_name() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)

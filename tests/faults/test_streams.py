"""What gets through of a stream."""

import asyncio
from contextlib import suppress

import pytest

from tests.faults.streams import Broken, pieces_of, spoiled
from tests.faults.weather import CLEAR, Fault, Spell

PIECES = (b"0123", b"4567", b"89")


async def through(spell: Spell) -> list[bytes]:
    """The pieces that get through, up to the break if there is one."""
    got: list[bytes] = []
    with suppress(Broken):
        async for piece in spoiled(pieces_of(*PIECES), spell):
            got.append(piece)  # noqa: PERF401 - what came before the break counts
        return got
    return [*got, b"BROKEN"]


async def test_in_clear_weather_everything_gets_through_as_it_came() -> None:
    assert await through(CLEAR) == list(PIECES)


async def test_a_dribbled_stream_comes_byte_by_byte() -> None:
    assert await through(Spell(Fault.DRIBBLE)) == [b"%d" % digit for digit in range(10)]


async def test_a_buffered_stream_comes_in_one_piece() -> None:
    assert await through(Spell(Fault.BUFFER)) == [b"".join(PIECES)]


async def test_a_swallowed_stream_is_taken_and_does_not_come() -> None:
    assert b"".join(await through(Spell(Fault.SWALLOW))) == b""


@pytest.mark.parametrize(
    ("after_bytes", "expected"),
    [
        (0, [b"", b"BROKEN"]),
        (1, [b"0", b"BROKEN"]),
        (3, [b"01", b"BROKEN"]),
        (4, [b"0123", b"", b"BROKEN"]),
        (5, [b"0123", b"4", b"BROKEN"]),
        (9, [b"0123", b"4567", b"8", b"BROKEN"]),
        (10, list(PIECES)),
    ],
)
async def test_a_stream_is_cut_inside_a_piece(after_bytes: int, expected: list[bytes]) -> None:
    assert await through(Spell(Fault.CUT_FRAME, after_bytes)) == expected
    assert await through(Spell(Fault.TRUNCATE_RESPONSE, after_bytes)) == expected


@pytest.mark.parametrize("after_bytes", [0, 1, 4, 6, 9])
async def test_a_stalled_stream_comes_whole_after_a_gap(after_bytes: int) -> None:
    spell = Spell(Fault.STALL_DOWN, after_bytes, for_s=0.05)
    loop = asyncio.get_running_loop()
    began_at, before = loop.time(), bytearray()
    async for piece in spoiled(pieces_of(*PIECES), spell):
        if loop.time() < began_at + spell.for_s:
            before += piece
    assert len(before) <= after_bytes
    assert b"".join(await through(spell)) == b"".join(PIECES)


async def test_a_spell_that_strikes_says_so_once() -> None:
    struck: list[bool] = []
    for fault in (Fault.BUFFER, Fault.DRIBBLE, Fault.STALL_UP, Fault.CUT_FRAME):
        await through(Spell(fault, 5, struck=lambda: struck.append(True)))
    assert len(struck) == 4
    await through(Spell(Fault.CUT_FRAME, 10, struck=lambda: struck.append(True)))
    assert len(struck) == 4

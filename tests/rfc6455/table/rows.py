"""All rows of the tables of frames."""

from typing import Final

from tests.rfc6455.table import (
    closing,
    fragmentation,
    framing,
    limits,
    opcodes,
    pings,
    reserved_bits,
    utf8,
)
from tests.rfc6455.table.case import Case

CASES: Final[list[Case]] = [
    *framing.CASES,
    *pings.CASES,
    *reserved_bits.CASES,
    *opcodes.CASES,
    *fragmentation.CASES,
    *utf8.CASES,
    *closing.CASES,
    *limits.CASES,
]

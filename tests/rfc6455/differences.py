"""Where other implementations read a stream in another way than RFC 6455 and the bridge, and why
the bridge does not follow them."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from tests.rfc6455 import reference
from tests.rfc6455.frame import BINARY, CLOSE, TEXT, shortest

WEBSOCKETS: Final = "websockets"
WS: Final = "ws"
AIOHTTP: Final = "aiohttp"


@dataclass(frozen=True, slots=True)
class Difference:
    """`peer` may read another way whatever stream `is_met_by` it."""

    peer: str
    why: str
    is_met_by: Callable[[bytes], bool]


def has_long_form(stream: bytes) -> bool:
    """A length is not in its shortest form, or above what there can be."""
    headers = [header for header, _ in reference.frames(stream)]
    return any(
        header.length_bytes != shortest(header.length) or header.length >= 1 << 63
        for header in headers
    )


def has_unmasked(stream: bytes) -> bool:
    return any(not header.is_masked for header, _ in reference.frames(stream))


def closes_among_fragments(stream: bytes) -> bool:
    """A message has begun and a Close frame comes."""
    is_within = False
    for header, _ in reference.frames(stream):
        if header.opcode == CLOSE and is_within:
            return True
        if header.opcode < CLOSE:
            is_within = not header.fin
    return False


def interrupts_empty_fragments(stream: bytes) -> bool:
    """What has come of a message is empty, and then another one begins."""
    data = [
        (header.opcode, header.fin, header.length)
        for header, _ in reference.frames(stream)
        if header.opcode < CLOSE
    ]
    return any(
        not fin and length == 0 and opcode in (TEXT, BINARY)
        for (_, fin, length), (opcode, _, _) in pairwise(data)
    )


def closes_without_code(stream: bytes) -> bool:
    return any(
        header.opcode == CLOSE and not payload for header, payload in reference.frames(stream)
    )


def closes_with_1006_or_above_4999(stream: bytes) -> bool:
    return any(
        header.opcode == CLOSE
        and ((status := reference.status_of(payload)) == 1006 or status > 4999)
        for header, payload in reference.frames(stream)
    )


def closes_with_two_faults(stream: bytes) -> bool:
    """Neither may its code be sent, nor is its reason UTF-8."""
    return any(
        header.opcode == CLOSE
        and not reference.is_sendable(reference.status_of(payload))
        and not reference.is_utf8(payload[2:])
        for header, payload in reference.frames(stream)
    )


LENGTHS: Final = "It accepts longer forms; 5.2: 'the minimal number of bytes MUST be used'."

DIFFERENCES: Final = [
    *(Difference(peer, LENGTHS, has_long_form) for peer in (WEBSOCKETS, WS, AIOHTTP)),
    Difference(
        WEBSOCKETS,
        "It fails with 1002. 5.4: 'Control frames MAY be injected in the middle of a fragmented "
        "message', and Close is one.",
        closes_among_fragments,
    ),
    Difference(
        WEBSOCKETS,
        "It looks at the reason before the code, and fails with 1007. The RFC does not say which "
        "goes first; the code stands first.",
        closes_with_two_faults,
    ),
    Difference(
        AIOHTTP,
        "It reads them. 5.1: 'The server MUST close the connection upon receiving a frame that is "
        "not masked.'",
        has_unmasked,
    ),
    Difference(
        AIOHTTP,
        "It forgets a message of which nothing but empty frames has come. 5.4: 'The fragments of "
        "one message MUST NOT be interleaved between the fragments of another message'.",
        interrupts_empty_fragments,
    ),
    Difference(
        AIOHTTP,
        "It accepts them. 7.4.1: 1006 'MUST NOT be set as a status code in a Close control frame'; "
        "7.4.2 knows none above 4999.",
        closes_with_1006_or_above_4999,
    ),
    Difference(
        AIOHTTP,
        "It has no way to send a Close frame without a code, which 5.5.1 allows.",
        closes_without_code,
    ),
]


def excused(peer: str, stream: bytes) -> bool:
    """Whether the peer may read this stream in a way of its own."""
    return any(
        difference.peer == peer and difference.is_met_by(stream) for difference in DIFFERENCES
    )

"""5: messages in several frames, control frames between, and what does not go together."""

from typing import Final

from tests.rfc6455.frame import BINARY, TEXT
from tests.rfc6455.table.case import (
    PROTOCOL_ERROR,
    Case,
    binary,
    close_frame,
    fragments,
    more,
    pieces,
    ping,
    pong,
    text,
)

LETTERS: Final = b"abcdefghijklmnopqrstuvwxyz"
FIRST, SECOND = fragments(TEXT, b"first,", b"second")
BOTH: Final = (b"first,second",)

SOUND: Final = [
    Case("5.1 a text in two frames", "5.4", (FIRST, SECOND), BOTH),
    Case("5.1 a binary in two frames", "5.4", fragments(BINARY, b"\xff", b"\xfe"), (b"\xff\xfe",)),
    Case(
        "5.1 a text in a frame for each byte",
        "5.4",
        fragments(TEXT, *pieces(LETTERS, 1)),
        (LETTERS,),
    ),
    *(
        Case(
            f"5.1 a text in frames of {n} bytes",
            "5.4",
            fragments(TEXT, *pieces(LETTERS * 20, n)),
            (LETTERS * 20,),
        )
        for n in (125, 126, 127)
    ),
    *(
        Case(f"5.2 empty: {name}", "5.4", fragments(TEXT, *parts), (b"".join(parts),))
        for name, parts in {
            "the first frame": (b"", b"a", b"b"),
            "the middle frame": (b"a", b"", b"b"),
            "the last frame": (b"a", b"b", b""),
            "all frames": (b"", b"", b""),
        }.items()
    ),
    Case("5.3 a Ping between", "5.4", (FIRST, ping(b"p"), SECOND), BOTH, pongs=(b"p",)),
    Case("5.3 a Pong between", "5.4", (FIRST, pong(b"p"), SECOND), BOTH),
    Case(
        "5.3 Pings between all frames",
        "5.4",
        (
            text(b"a", fin=False),
            ping(b"1"),
            more(b"b", fin=False),
            ping(b"2"),
            pong(b"3"),
            more(b"c"),
        ),
        (b"abc",),
        (b"1", b"2"),
    ),
    Case(
        "5.3 the longest Ping between",
        "5.4",
        (FIRST, ping(b"x" * 125), SECOND),
        BOTH,
        pongs=(b"x" * 125,),
    ),
    Case("5.4 two messages in two frames each", "5.4", (FIRST, SECOND, FIRST, SECOND), BOTH * 2),
    Case(
        "5.4 messages in one, two and one frames",
        "5.4",
        (text(b"one"), FIRST, SECOND, text(b"four")),
        (b"one", *BOTH, b"four"),
    ),
]

BROKEN: Final = [
    Case(f"5.5 {name}", "5.5", frames, status=PROTOCOL_ERROR)
    for name, frames in {
        "a Ping in two frames": (ping(b"a", fin=False), more(b"b")),
        "a Pong in two frames": (pong(b"a", fin=False), more(b"b")),
        "a Close in two frames": (close_frame(b"\x03", fin=False), more(b"\xe8")),
        "an empty Ping that is not final": (ping(fin=False), text(b"late")),
    }.items()
]

UNASKED: Final = [
    Case(f"5.6 {name}", "5.4", frames, status=PROTOCOL_ERROR)
    for name, frames in {
        "a continuation of nothing": (more(b"a"), text(b"late")),
        "a continuation of nothing that goes on": (more(b"a", fin=False), more(b"b")),
        "an empty continuation of nothing": (more(),),
        "continuation of nothing after a Pong": (pong(), more(b"a")),
    }.items()
]

MISPLACED: Final = [
    Case(
        "5.7 a continuation after a whole message",
        "5.4",
        (text(b"whole"), more(b"a"), text(b"late")),
        (b"whole",),
        status=PROTOCOL_ERROR,
    ),
    Case(
        "5.7 a continuation after the last one",
        "5.4",
        (FIRST, SECOND, more(b"a")),
        BOTH,
        status=PROTOCOL_ERROR,
    ),
    *(
        Case(f"5.8 {name}", "5.4", frames, status=PROTOCOL_ERROR, unfinished=b"first,")
        for name, frames in {
            "a whole text among fragments": (FIRST, text(b"b"), SECOND),
            "a second first fragment": (FIRST, text(b"b", fin=False), SECOND),
            "a binary among fragments": (FIRST, binary(b"b"), SECOND),
        }.items()
    ),
    *(
        Case(f"5.8 {name} after an empty first fragment", "5.4", frames, status=PROTOCOL_ERROR)
        for name, frames in {
            "a text": (text(fin=False), text(b"b"), more(b"c")),
            "a binary": (text(fin=False), binary(b"b"), more(b"c")),
        }.items()
    ),
    Case(
        "5.8 a text after a Ping among fragments",
        "5.4",
        (FIRST, ping(b"p"), text(b"b"), SECOND),
        pongs=(b"p",),
        status=PROTOCOL_ERROR,
        unfinished=b"first,",
    ),
    Case(
        "5.8 a text among fragments of a binary",
        "5.4",
        (binary(b"first,", fin=False), binary(b"b"), more(b"c")),
        status=PROTOCOL_ERROR,
        unfinished=b"first,",
    ),
]

CASES: Final = [*SOUND, *BROKEN, *UNASKED, *MISPLACED]

"""9: much at a time, in size and in number."""

from typing import Final

from tests.rfc6455.frame import BINARY, TEXT
from tests.rfc6455.table.case import Case, binary, fragments, pieces, ping, text

KIB: Final = 1 << 10
LONG: Final = "žluťoučký kůň ".encode() * 12_000
MANY: Final = tuple(b"message %d" % number for number in range(500))

CASES: Final = [
    *(
        Case(f"9.1 a text of {n} KiB", "5.6", (text(b"*" * (n * KIB)),), (b"*" * (n * KIB),))
        for n in (64, 256, 1024)
    ),
    *(
        Case(
            f"9.2 a binary of {n} KiB",
            "5.6",
            (binary(b"\xfe" * (n * KIB)),),
            (b"\xfe" * (n * KIB),),
        )
        for n in (64, 256, 1024)
    ),
    *(
        Case(
            f"9.3 a long text in frames of {n} bytes",
            "5.4",
            fragments(TEXT, *pieces(LONG, n)),
            (LONG,),
        )
        for n in (251, 4 * KIB, 64 * KIB)
    ),
    Case(
        "9.4 a long binary in frames of 251 bytes",
        "5.4",
        fragments(BINARY, *pieces(b"\xfe" * len(LONG), 251)),
        (b"\xfe" * len(LONG),),
    ),
    Case("9.5 500 messages", "5.6", tuple(map(text, MANY)), MANY),
    Case("9.5 500 empty messages", "5.6", (text(),) * 500, (b"",) * 500),
    Case("9.6 500 Pings", "5.5.2", tuple(map(ping, MANY)), pongs=MANY),
    Case(
        "9.7 a text in 500 frames with a Ping behind each",
        "5.4",
        tuple(
            frame
            for fragment in fragments(TEXT, *MANY)
            for frame in (fragment, ping(fragment.payload))
        ),
        (b"".join(MANY),),
        MANY,
    ),
]

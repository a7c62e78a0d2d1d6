"""1: messages in one frame, of every form of length; and what every frame must be."""

from typing import Final

from tests.rfc6455.table.case import (
    PROTOCOL_ERROR,
    Case,
    binary,
    close_frame,
    more,
    ping,
    pong,
    text,
)

SIZES: Final = (0, 1, 124, 125, 126, 127, 128, 65_534, 65_535, 65_536, 65_537)
KEYS: Final = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\0\0\0\1", b"\x80\0\0\0")
HIGHEST_BIT: Final = 1 << 63

WHOLE: Final = [
    *(Case(f"1.1 text of {n} bytes", "5.6", (text(b"*" * n),), (b"*" * n,)) for n in SIZES),
    *(
        Case(f"1.2 binary of {n} bytes", "5.6", (binary(b"\xfe" * n),), (b"\xfe" * n,))
        for n in SIZES
    ),
    *(
        Case(f"1.3 masked with {key.hex()}", "5.3", (text(b"masked", key=key),), (b"masked",))
        for key in KEYS
    ),
    Case(
        "1.3 each frame has a key of its own",
        "5.3",
        tuple(text(b"the same", key=key) for key in KEYS),
        (b"the same",) * len(KEYS),
    ),
]

LONG_FORMS: Final = [
    Case(
        f"1.4 length {size} in {n_bytes} bytes",
        "5.2",
        (text(b"sound"), text(b"x" * size, length_bytes=n_bytes), text(b"late")),
        (b"sound",),
        status=PROTOCOL_ERROR,
    )
    for n_bytes, size in ((2, 0), (2, 1), (2, 125), (8, 0), (8, 125), (8, 126), (8, 65_535))
]

IMPOSSIBLE_LENGTHS: Final = [
    Case(
        f"1.4 length {length:#x}",
        "5.2",
        (binary(b"more than there can be", length_bytes=8, announced=length),),
        status=PROTOCOL_ERROR,
    )
    for length in (HIGHEST_BIT, HIGHEST_BIT | 5, (1 << 64) - 1)
]

UNMASKED: Final = [
    Case(f"1.5 {name}, not masked", "5.1", (frame, text(b"late")), status=PROTOCOL_ERROR)
    for name, frame in (
        ("text", text(b"bare", is_masked=False)),
        ("empty text", text(is_masked=False)),
        ("long text", text(b"x" * 300, is_masked=False)),
        ("binary", binary(b"bare", is_masked=False)),
        ("Ping", ping(b"bare", is_masked=False)),
        ("Pong", pong(is_masked=False)),
        ("Close", close_frame(b"\x03\xe8", is_masked=False)),
    )
]

LATER_UNMASKED: Final = [
    Case(
        "1.5 the second message is not masked",
        "5.1",
        (text(b"sound"), text(b"bare", is_masked=False)),
        (b"sound",),
        status=PROTOCOL_ERROR,
    ),
    Case(
        "1.5 the second fragment is not masked",
        "5.1",
        (text(b"sound", fin=False), more(b"bare", is_masked=False)),
        status=PROTOCOL_ERROR,
        unfinished=b"sound",
    ),
]

CASES: Final = [*WHOLE, *LONG_FORMS, *IMPOSSIBLE_LENGTHS, *UNMASKED, *LATER_UNMASKED]

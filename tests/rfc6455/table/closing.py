"""7: the closing handshake: what a Close frame may say, how it is answered, and that it is last."""

from typing import Final

from tests.rfc6455.reading import NO_STATUS
from tests.rfc6455.table.case import (
    INVALID_DATA,
    NORMAL,
    PROTOCOL_ERROR,
    Case,
    close,
    close_frame,
    more,
    ping,
    text,
)

SENDABLE: Final = (
    1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014,
    3000, 3001, 3999, 4000, 4409, 4999,
)  # fmt: skip
NOT_SENDABLE: Final = (
    0, 1, 100, 999, 1004, 1005, 1006, 1015, 1016, 1100, 1999, 2000, 2999, 5000, 0x8000, 65_535,
)  # fmt: skip
REASONS: Final = {
    "ASCII": b"good bye",
    "letters of two bytes and more": "tschüß, 😀".encode(),
    "123 bytes": b"x" * 123,
    "41 characters of three bytes": "€".encode() * 41,
}
BAD_REASONS: Final = {
    "a byte ff": b"\xff",
    "a character cut off": "€".encode()[:2],
    "a character cut off by the end of the frame": b"x" * 122 + b"\xc3",
    "a surrogate": b"\xed\xa0\x80",
    "an overlong character": b"\xc0\xaf",
}

ANSWERED: Final = [
    Case(
        "7.1 a message, then a Close",
        "5.5.1",
        (text(b"last"), close(1000)),
        (b"last",),
        status=NORMAL,
    ),
    Case("7.1 two Closes", "5.5.1", (close(1000), close(1001)), status=NORMAL),
    Case("7.1 a Ping after the Close", "5.5.1", (close(1000), ping(b"late")), status=NORMAL),
    Case("7.1 a text after the Close", "5.5.1", (close(1000), text(b"late")), status=NORMAL),
    Case(
        "7.1 what is no frame after the Close",
        "5.5.1",
        (close(1000), text(bits=0x70)),
        status=NORMAL,
    ),
    Case(
        "7.1 a Close among fragments",
        "5.4",
        (text(b"half", fin=False), close(1000), more(b"late")),
        status=NORMAL,
        unfinished=b"half",
    ),
    Case(
        "7.1 a long message, a Close and a Ping",
        "5.5.1",
        (text(b"x" * 100_000), close(1000), ping()),
        (b"x" * 100_000,),
        status=NORMAL,
    ),
    Case("7.2 without a code", "5.5.1", (close_frame(),), status=NO_STATUS),
    *(Case(f"7.3 code {code}", "7.4.1", (close(code),), status=code) for code in SENDABLE),
    *(
        Case(f"7.4 a reason: {name}", "5.5.1", (close(1000, reason),), status=NORMAL)
        for name, reason in REASONS.items()
    ),
]

BROKEN: Final = [
    *(
        Case(
            f"7.5 a body of the one byte {byte:#04x}",
            "5.5.1",
            (close_frame(bytes([byte])),),
            status=PROTOCOL_ERROR,
        )
        for byte in (0x00, 0x03, 0xFF)
    ),
    *(
        Case(f"7.6 code {code}", "7.4.2", (close(code, b"reason"),), status=PROTOCOL_ERROR)
        for code in NOT_SENDABLE
    ),
    Case("7.7 a body of 126 bytes", "5.5", (close(1000, b"x" * 124),), status=PROTOCOL_ERROR),
    *(
        Case(f"7.8 a reason with {name}", "8.1", (close(1000, reason),), status=INVALID_DATA)
        for name, reason in BAD_REASONS.items()
    ),
    Case(
        "7.8 a bad code and a reason that is not UTF-8",
        "7.4.2",
        (close(1005, b"\xff"),),
        status=PROTOCOL_ERROR,
    ),
    Case(
        "7.9 a bad Close after a message",
        "5.5.1",
        (text(b"last"), close(1005), text(b"late")),
        (b"last",),
        status=PROTOCOL_ERROR,
    ),
]

CASES: Final = [*ANSWERED, *BROKEN]

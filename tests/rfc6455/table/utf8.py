"""6: a text is UTF-8 as a whole, wherever it is cut into frames; if not, the code is 1007.

Without U+0000, which ends a message in XMLSocket.
"""

from typing import Final

from tests.rfc6455.frame import TEXT
from tests.rfc6455.table.case import INVALID_DATA, Case, fragments, pieces, ping, text

GREETING: Final = "Grüße, κόσμε, žluť, 世界, 😀".encode()

CHARACTERS: Final = (
    0x01, 0x7F, 0x80, 0x7FF, 0x800, 0xFFF, 0x1000, 0xCFFF, 0xD7FF, 0xE000, 0xFDD0, 0xFEFF, 0xFFFD,
    0xFFFE, 0xFFFF, 0x10000, 0x1F600, 0x1FFFF, 0x3FFFF, 0x40000, 0xFFFFF, 0x100000, 0x10FFFF,
)  # fmt: skip
"""Both ends of each length, those beside the surrogates, non-characters and the byte order mark."""

INVALID: Final = {
    "a continuation byte alone": "80",
    "the last continuation byte alone": "bf",
    "a run of continuation bytes": "80 81 82 83",
    "two bytes, cut off": "c3",
    "three bytes, cut off": "e2 82",
    "three bytes, cut off early": "e2",
    "four bytes, cut off": "f0 9f 98",
    "four bytes, cut off early": "f0 9f",
    "two bytes, broken by a letter": "c3 28",
    "three bytes, broken by a letter": "e2 82 28",
    "four bytes, broken by a character": "f0 9f 98 c3 a9",
    "a slash in two bytes": "c0 af",
    "a letter in two bytes": "c1 a1",
    "the end of ASCII in two bytes": "c1 bf",
    "U+0000 in two bytes": "c0 80",
    "U+007F in three bytes": "e0 81 bf",
    "U+07FF in three bytes": "e0 9f bf",
    "U+FFFF in four bytes": "f0 8f bf bf",
    "U+0000 in four bytes": "f0 80 80 80",
    "the first high surrogate": "ed a0 80",
    "the last high surrogate": "ed af bf",
    "the first low surrogate": "ed b0 80",
    "the last low surrogate": "ed bf bf",
    "a pair of surrogates": "ed a0 bd ed b8 80",
    "U+110000": "f4 90 80 80",
    "U+13FFFF": "f4 bf bf bf",
    "U+140000": "f5 80 80 80",
    "five bytes": "f8 88 80 80 80",
    "six bytes": "fc 84 80 80 80 80",
    "the byte fe": "fe",
    "the byte ff": "ff",
}


def sound(name: str, *payloads: bytes) -> Case:
    """A text in so many frames."""
    message = b"".join(payloads)
    return Case(name, "8.1", fragments(TEXT, *payloads), (message,), is_about_text=True)


def unsound(name: str, *payloads: bytes) -> Case:
    """The same for one that is not UTF-8, between two messages."""
    frames = (text(b"sound"), *fragments(TEXT, *payloads), text(b"late"))
    return Case(name, "8.1", frames, (b"sound",), status=INVALID_DATA, is_about_text=True)


SOUND: Final = [
    sound("6.1 a text of many letters", GREETING),
    *(
        sound(f"6.2 many letters, cut every {size} bytes", *pieces(GREETING, size))
        for size in (1, 2, 3, 5)
    ),
    sound("6.2 a character cut after its first byte", b"\xf0", b"\x9f\x98\x80"),
    sound("6.2 a character cut in its middle", b"\xf0\x9f", b"\x98\x80"),
    sound("6.2 a character with empty frames in it", b"\xf0", b"", b"\x9f\x98", b"", b"\x80"),
    Case(
        "6.2 a character with a Ping in it",
        "8.1",
        (text(b"\xe2", fin=False), ping(b"\xff"), *fragments(0, b"\x82\xac")),
        ("€".encode(),),
        (b"\xff",),
        is_about_text=True,
    ),
    *(sound(f"6.3 U+{code:04X}", chr(code).encode()) for code in CHARACTERS),
]

UNSOUND: Final = [
    *(unsound(f"6.4 {name}", bytes.fromhex(code)) for name, code in INVALID.items()),
    *(
        unsound(f"6.5 {name}, among letters", GREETING + bytes.fromhex(code) + b"z")
        for name, code in INVALID.items()
    ),
    *(
        unsound(f"6.6 {name}, in frames of a byte each", *pieces(b"a" + bytes.fromhex(code), 1))
        for name, code in INVALID.items()
    ),
    unsound("6.7 in the first frame of three", b"\xff", b"a", b"b"),
    unsound("6.7 in the middle frame of three", b"a", b"\xff", b"b"),
    unsound("6.7 in the last frame of three", b"a", b"b", b"\xff"),
    unsound("6.7 a character that ends in the next message", b"a\xe2\x82"),
    unsound("6.7 a character cut by an empty last frame", b"a\xe2\x82", b""),
    unsound("6.7 at the end of a long text", b"x" * 20_000 + b"\xc3"),
]

CASES: Final = [*SOUND, *UNSOUND]

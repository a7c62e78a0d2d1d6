"""ActionScript 2 as bytes: the few actions that a movie with a socket takes, put into an SWF.

SWF file format specification, version 19: chapters 2 (headers and tags) and 5 (actions).
"""

import struct
from typing import Final

# What an expression compiles to leaves one value on the stack, a statement none.
Expression = bytes
Statement = bytes
Value = str | int | bool | None

POP: Final = b"\x17"
GET_VARIABLE: Final = b"\x1c"
SET_VARIABLE: Final = b"\x1d"
RETURN: Final = b"\x3e"
NEW_OBJECT: Final = b"\x40"
GET_MEMBER: Final = b"\x4e"
SET_MEMBER: Final = b"\x4f"
CALL_METHOD: Final = b"\x52"
PUSH: Final = 0x96
DEFINE_FUNCTION: Final = 0x9B

END: Final = 0
SHOW_FRAME: Final = 1
DO_ACTION: Final = 12

WITH_UTF_8: Final = 8
"""The first version with `ExternalInterface`; texts are UTF-8 since 6."""

STAGE: Final = bytes.fromhex("60003e80003e80")
"""A RECT of 12 bits a number: 0 to 2,000 twips, which are 100 pixels, either way."""

FRAMES_PER_S: Final = 30


def constant(value: Value) -> Expression:
    """A text, number, boolean or null."""
    match value:
        case None:
            typed = b"\x02"
        case bool():
            typed = b"\x05" + bytes([value])
        case int():
            typed = b"\x07" + struct.pack("<i", value)
        case str():
            typed = b"\x00" + value.encode() + b"\0"
    return long_action(PUSH, typed)


def variable(path: str) -> Expression:
    """What a dotted name leads to."""
    first, *members = path.split(".")
    return constant(first) + GET_VARIABLE + b"".join(constant(m) + GET_MEMBER for m in members)


def call(path: str, *arguments: Expression) -> Expression:
    """`object.method(arguments)`."""
    target, _, method = path.rpartition(".")
    return passed(arguments) + variable(target) + constant(method) + CALL_METHOD


def new(name: str, *arguments: Expression) -> Expression:
    """`new Name(arguments)`."""
    return passed(arguments) + constant(name) + NEW_OBJECT


def function(parameters: list[str], *body: Statement) -> Expression:
    """A function without a name."""
    code = b"".join(body)
    names = b"".join(name.encode() + b"\0" for name in parameters)
    head = b"\0" + struct.pack("<H", len(parameters)) + names + struct.pack("<H", len(code))
    return long_action(DEFINE_FUNCTION, head) + code


def statement(value: Expression) -> Statement:
    """Computes it for its effect."""
    return value + POP


def assign(path: str, value: Expression) -> Statement:
    """`path = value`."""
    target, _, member = path.rpartition(".")
    if not target:
        return constant(member) + value + SET_VARIABLE
    return variable(target) + constant(member) + value + SET_MEMBER


def movie(*script: Statement) -> bytes:
    """The SWF whose only frame runs the script."""
    tags = tag(DO_ACTION, b"".join(script) + b"\0") + tag(SHOW_FRAME) + tag(END)
    body = STAGE + struct.pack("<HH", FRAMES_PER_S << 8, 1) + tags
    return b"FWS" + struct.pack("<BI", WITH_UTF_8, 8 + len(body)) + body


def passed(arguments: tuple[Expression, ...]) -> bytes:
    """Arguments on the stack, the first on top of the others, and how many there are."""
    return b"".join(reversed(arguments)) + constant(len(arguments))


def long_action(code: int, data: bytes) -> bytes:
    """An action that has data: those from 0x80 on."""
    return struct.pack("<BH", code, len(data)) + data


def tag(code: int, data: bytes = b"") -> bytes:
    """A tag in its long form, which any length may have."""
    return struct.pack("<HI", code << 6 | 0x3F, len(data)) + data

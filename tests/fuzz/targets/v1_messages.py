"""What an `xmlsocket.v1` client's messages say does not depend on how they are cut into frames.

But for one that breaks off in the middle: how much of what was whole before counts depends on that,
and the client is told by an `ack`.
"""

from collections.abc import Iterable
from typing import Final, TypeAlias

from bridge.protocol.checks import Fault, Guard
from bridge.protocol.frames import BINARY, TEXT, FrameError
from bridge.protocol.framing import split
from bridge.protocol.v1_decoder import ControlText, Item, V1Decoder
from tests.fuzz.dealt import Dealt, cut

LIMIT: Final = 20
WORDS: Final = (b"\0", b'{"ack":1}', b"a" * LIMIT, b"a" * LIMIT + b"\0", b"a" * (LIMIT + 1) + b"\0")

Said: TypeAlias = list[bytes | str | int]
"""Messages; texts of control frames; for one that is too big its code; for a broken rule its close
code, last."""
EXAMPLES: Final = (
    b"\0\0\x05<a/>\0\0\0\x05<b/>\0\3",
    b"\0\0\7<a/>\0bc\1",
)


def check(data: bytes) -> None:
    dealt = Dealt(data)
    guard = Guard(dealt.one_of(("text", "bytes")), LIMIT)
    messages: list[tuple[int, bytes, int]] = []
    while dealt and len(messages) < 20:
        messages.append((dealt.one_of((TEXT, BINARY)), dealt.part(), dealt.number()))
    messages = [each for each in messages if not is_long_control(each[1])]
    came, (known, doubtful, status) = said(guard, messages), expected(guard, messages)
    assert came in [known + doubtful[:n] + status for n in range(len(doubtful) + 1)]


def is_long_control(payload: bytes) -> bool:
    """A text so long that it could not be a message either is refused in other words when it comes
    in pieces."""
    return b"\0" not in payload and len(payload) > LIMIT


def said(guard: Guard, messages: Iterable[tuple[int, bytes, int]]) -> Said:
    """What the bridge makes of it, cut as each message's last number has it."""
    decoder, found = V1Decoder(guard, control_text_bytes=LIMIT), Said()
    try:
        for opcode, payload, way in messages:
            pieces = cut(payload, way) or [b""]
            for number, piece in enumerate(pieces, 1):
                for item in decoder.feed(opcode, [piece], number == len(pieces)):
                    found += told(item)
                assert decoder.held_bytes <= LIMIT
    except FrameError as error:
        found.append(int(error.status))
    return found


def told(item: Item) -> Said:
    match item:
        case ControlText():
            return [item.text.decode("latin-1")]
        case Fault():
            return [item.code]
        case bytes():
            return [short(message) for message in split(item)]


def expected(guard: Guard, messages: Iterable[tuple[int, bytes, int]]) -> tuple[Said, Said, Said]:
    """The same from the contract: a text without a zero byte is a control frame, all else goes in
    the daemon's kind of frames, each message ended by a zero byte. What is said for certain,
    what may be said of a message that breaks off, and its close code."""
    found = Said()
    for opcode, payload, _ in messages:
        *complete, tail = payload.split(b"\0")
        whole: Said = [short(message) for message in complete]
        if opcode == TEXT and not complete:
            found.append(payload.decode("latin-1"))
        elif (opcode == TEXT) != guard.is_text:
            return found, [], [1003]
        elif tail or not complete:
            return found, whole, [1002]
        else:
            found += whole
    return found, [], []


def short(message: bytes) -> bytes | str:
    return message if len(message) <= LIMIT else "message-too-big"

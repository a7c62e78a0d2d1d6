"""What `websockets` writes the bridge reads, and what the bridge writes `websockets` reads."""

from typing import Final

from websockets.frames import Close, Frame, Opcode
from websockets.streams import StreamReader

from bridge.protocol.frames import close_payload, frame, parse_close
from bridge.protocol.masking import unmask, unmask_in_python
from tests.fuzz.dealt import BYTE_BY_BYTE, Dealt, cut
from tests.rfc6455.bridge_reader import BridgeReader

PAGE: Final = b"#" * 4096
MOST_PAGES: Final = 17
"""Just above 64 KB, where the length of a frame takes eight bytes."""
WORDS: Final = (b"#", b"#" * 17, b"\x7d", b"\x7e", b"\x7f")
KINDS: Final = (Opcode.TEXT, Opcode.BINARY, Opcode.PING, Opcode.PONG)
EXAMPLES: Final = (
    b"\2\0\0\x05hello\1\3#ab\2\2hi",
    b"\1\0" + "\u00e9".encode() * 100,
)


def check(data: bytes) -> None:
    dealt = Dealt(data)
    way, turn_bytes = dealt.number(), dealt.one_of((1 << 18, 100, 1 << 10))
    frames: list[tuple[Opcode, bytes]] = []
    while dealt and len(frames) < 6:
        frames.append((dealt.one_of(KINDS), payload_from(dealt.part())))
    frames = [(opcode, fitting(opcode, payload)) for opcode, payload in frames]
    way = 0 if way == BYTE_BY_BYTE and b"##" in data else way
    check_upward(frames, way, turn_bytes)
    check_downward(frames)
    check_masks(data)
    check_close(data)


def payload_from(part: bytes) -> bytes:
    return part.replace(b"#", PAGE, MOST_PAGES)


def fitting(opcode: Opcode, payload: bytes) -> bytes:
    """A text as UTF-8, a control frame as short as it must be."""
    if opcode == Opcode.TEXT:
        return payload.decode(errors="replace").encode()
    return payload if opcode == Opcode.BINARY else payload[:125]


def check_upward(frames: list[tuple[Opcode, bytes]], way: int, turn_bytes: int) -> None:
    stream = b"".join(Frame(*each).serialize(mask=True) for each in frames)
    reader = BridgeReader(turn_bytes)
    for chunk in cut(stream, way):
        reader.feed(chunk)
    assert reader.status is None
    assert list(reader.reading.said) == frames
    assert reader.reading.unfinished == b""


def check_downward(frames: list[tuple[Opcode, bytes]]) -> None:
    reader = StreamReader()
    for opcode, payload in frames:
        reader.feed_data(b"".join(frame(opcode, payload)))
    for opcode, payload in frames:
        assert parsed(reader) == Frame(opcode, payload)


def parsed(reader: StreamReader) -> Frame:
    """The next frame, which is there as a whole."""
    parsing = Frame.parse(reader.read_exact, mask=False)
    try:
        next(parsing)
    except StopIteration as end:
        found: Frame = end.value
        return Frame(found.opcode, bytes(found.data), found.fin)
    raise AssertionError("the frame is longer than its header says")


def check_masks(data: bytes) -> None:
    key, payload = data[:4].ljust(4, b"\0"), payload_from(data[4:])
    masked = unmask_in_python(payload, key)
    assert masked == bytes(unmask(payload, key))
    assert unmask_in_python(masked, key) == payload


def check_close(data: bytes) -> None:
    """A close code of ours comes with as much of its reason as fits."""
    reason = data.decode(errors="replace")
    payload = close_payload(1008, reason)
    close = Close.parse(payload)
    assert len(payload) <= 125
    assert reason.startswith(close.reason)
    assert len(payload) > 121 or close.reason == reason
    assert parse_close(payload) == close.code == 1008

"""Streams of frames for Hypothesis: sound ones, nearly sound ones, and ways to cut them."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from hypothesis import strategies as st

from tests.rfc6455.frame import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Frame
from tests.rfc6455.reference import LONGEST_HEADER, ends_within_header

keys = st.binary(min_size=4, max_size=4)
texts = st.text(max_size=20).map(str.encode)
payloads = st.one_of(
    texts,
    st.binary(max_size=20),
    st.sampled_from([0, 1, 124, 125, 126, 127, 799, 800, 801, 4096, 0xFFFF, 0x10000]).map(bytes),
    st.integers(0, 2000).map(lambda size: b"\xc3\xa9" * size),
)
statuses = st.one_of(
    st.sampled_from([1000, 1001, 1004, 1005, 1006, 1011, 1014, 1015, 3000, 4999, 5000]),
    st.integers(0, 0xFFFF),
)
close_payloads = st.one_of(
    st.just(b""),
    st.binary(max_size=3),
    st.builds(lambda status, reason: status.to_bytes(2) + reason, statuses, texts),
)


def sent(opcode: int, payload: bytes, key: bytes) -> Frame:
    """A sound frame."""
    return Frame(opcode, payload, key=key)


controls = st.builds(sent, st.sampled_from([PING, PONG]), st.binary(max_size=125), keys)
closes = st.builds(sent, st.just(CLOSE), close_payloads, keys)


@st.composite
def messages(draw: st.DrawFn, opcodes: Sequence[int]) -> list[Frame]:
    """A message in one frame or in several, with control frames between."""
    opcode = draw(st.sampled_from(opcodes))
    fragments = draw(st.lists(payloads, min_size=1, max_size=4))
    frames: list[Frame] = []
    for index, fragment in enumerate(fragments):
        is_last = index == len(fragments) - 1
        kind = CONTINUATION if index else opcode
        frames.append(replace(sent(kind, fragment, draw(keys)), fin=is_last))
        if not is_last and draw(st.booleans()):
            frames.append(draw(controls))
    return frames


@st.composite
def conversations(draw: st.DrawFn, opcodes: Sequence[int]) -> list[Frame]:
    """All that a client says, Close included as a rule; the messages are of these kinds."""
    parts = st.one_of(messages(opcodes), st.lists(controls, min_size=1, max_size=1))
    frames = [frame for part in draw(st.lists(parts, max_size=3)) for frame in part]
    if draw(st.integers(0, 3)) > 0:
        frames.append(draw(closes))
    return frames


def faulty(frame: Frame) -> list[list[Frame]]:
    """For each kind of rule, what a sound frame may become to break it where it stands."""
    return [
        [replace(frame, bits=bits) for bits in (0x40, 0x20, 0x10, 0x70)],
        [replace(frame, opcode=opcode) for opcode in range(16)],
        [replace(frame, fin=not frame.fin), replace(frame, opcode=CONTINUATION)],
        [replace(frame, is_masked=False)],
        [replace(frame, length_bytes=n, payload=bytes(size)) for n, size in LONG_FORMS],
        [replace(frame, payload=bytes(size)) for size in (126, 127, 0xFFFF)],
    ]


LONG_FORMS = ((2, 0), (2, 125), (2, 126), (8, 0), (8, 126), (8, 0xFFFF), (8, 0x10000))
TROUBLE = ("none", "lost", "twice", "fault", "fault", "fault", "fault")


@st.composite
def nearly_sound(draw: st.DrawFn, *opcodes: int) -> bytes:
    """A conversation with at most one fault in it: in a frame, or in their order."""
    frames = draw(conversations(opcodes or (TEXT, BINARY)))
    place = draw(st.integers(0, len(frames) - 1)) if frames else None
    match draw(st.sampled_from(TROUBLE)):
        case "fault" if place is not None:
            kind = draw(st.sampled_from(faulty(frames[place])))
            frames[place] = draw(st.sampled_from(kind))
        case "lost" if place is not None:
            del frames[place]
        case "twice" if place is not None:
            frames.insert(place, frames[place])
    return b"".join(frame.encode() for frame in frames)


@st.composite
def mutated(draw: st.DrawFn, *opcodes: int) -> bytes:
    """A conversation in which bytes have changed, were lost, or came twice."""
    frames = draw(conversations(opcodes or (TEXT, BINARY)))
    stream = bytearray(b"".join(frame.encode() for frame in frames))
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, min(len(stream), 200)))
        end = start + draw(st.integers(1, 12))
        match draw(st.sampled_from(["bit", "byte", "lost", "twice", "new"])):
            case "bit" if start < len(stream):
                stream[start] ^= 1 << draw(st.integers(0, 7))
            case "byte" if start < len(stream):
                stream[start] = draw(st.integers(0, 255))
            case "lost":
                del stream[start:end]
            case "twice":
                stream[start:start] = stream[start:end]
            case _:
                stream[start:start] = draw(st.binary(max_size=12))
    return bytes(stream)


def decided(stream: bytes) -> bytes:
    """The stream, with what it takes to complete the header that its end may cut off."""
    return stream + bytes(LONGEST_HEADER + 2) if ends_within_header(stream) else stream


@st.composite
def cut(draw: st.DrawFn, streams: st.SearchStrategy[bytes]) -> list[bytes]:
    """A stream, decided, in chunks: cut anywhere, most often near its beginning and end."""
    stream = decided(draw(streams))
    if draw(st.integers(0, 9)) == 0:
        return [stream[place : place + 1] for place in range(len(stream))]
    size = len(stream)
    near_an_end = st.integers(0, min(size, 40))
    anywhere = st.one_of(near_an_end, near_an_end.map(lambda n: size - n), st.integers(0, size))
    places = draw(st.lists(anywhere, max_size=20))
    return [stream[start:end] for start, end in pairwise(sorted({0, size, *places}))]

"""What is written keeps to RFC 6455; Close frames that are read are held to it, too."""

import pytest

from bridge.protocol.frames import (
    BINARY,
    CLOSE,
    CONTINUATION,
    JOIN_BYTES,
    PING,
    PONG,
    TEXT,
    CloseStatus,
    FrameError,
    close_payload,
    data_opcode,
    frame,
    header,
    parse_close,
)

FIN = 0x80

# -- writing


@pytest.mark.parametrize(
    ("size", "head"),
    [
        (0, b"\x81\x00"),
        (125, b"\x81\x7d"),
        (126, b"\x81\x7e\x00\x7e"),
        (0xFFFF, b"\x81\x7e\xff\xff"),
        (0x10000, b"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
    ],
)
def test_a_header_is_final_and_unmasked_with_the_shortest_length(size: int, head: bytes) -> None:
    assert header(TEXT, size) == head


@pytest.mark.parametrize("opcode", [TEXT, BINARY, CLOSE, PING, PONG])
def test_a_header_names_the_opcode(opcode: int) -> None:
    assert [header(opcode, size)[0] for size in (0, 126, 0x10000)] == [FIN | opcode] * 3


@pytest.mark.parametrize("size", [0, 1, JOIN_BYTES, JOIN_BYTES + 1])
def test_a_frame_is_its_header_and_its_payload(size: int) -> None:
    assert b"".join(frame(TEXT, b"x" * size)) == header(TEXT, size) + b"x" * size


def test_only_a_short_frame_is_copied_into_one_piece() -> None:
    long = b"x" * (JOIN_BYTES + 1)
    assert (JOIN_BYTES, len(frame(TEXT, long[1:]))) == (4096, 1)
    assert frame(TEXT, long)[1] is long


@pytest.mark.parametrize(("is_text", "opcode"), [(True, TEXT), (False, BINARY)])
def test_text_goes_in_text_frames_and_bytes_in_binary_ones(is_text: bool, opcode: int) -> None:
    assert data_opcode(is_text) == opcode


# -- the Close frame


def test_a_close_frame_says_code_and_reason() -> None:
    assert close_payload(4409, "displaced") == b"\x11\x39displaced"


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        ("x" * 123, "x" * 123),
        ("x" * 124, "x" * 123),
        ("x" * 121 + "é", "x" * 121 + "é"),
        ("x" * 122 + "é", "x" * 122),
        ("x" * 120 + "😀", "x" * 120),
    ],
)
def test_a_reason_too_long_is_cut_between_characters(reason: str, kept: str) -> None:
    assert close_payload(1000, reason) == b"\x03\xe8" + kept.encode()


@pytest.mark.parametrize(
    "status",
    [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4409, 4999],
)
def test_a_code_that_may_be_sent_is_read(status: int) -> None:
    assert parse_close(status.to_bytes(2)) == status


@pytest.mark.parametrize(
    "status", [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535]
)
def test_a_code_that_may_not_be_sent_is_refused(status: int) -> None:
    with pytest.raises(FrameError, match=r"^the Close frame holds no valid close code$") as caught:
        parse_close(status.to_bytes(2) + b"reason")
    assert caught.value.status is CloseStatus.PROTOCOL_ERROR


def test_the_opcodes_are_those_of_the_rfc() -> None:
    assert (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG) == (0, 1, 2, 8, 9, 10)


def test_the_codes_that_the_bridge_sends_are_those_of_the_rfc() -> None:
    assert {status.name: status.value for status in CloseStatus} == {
        "PROTOCOL_ERROR": 1002,
        "UNSUPPORTED_DATA": 1003,
        "INVALID_DATA": 1007,
        "POLICY_VIOLATION": 1008,
        "MESSAGE_TOO_BIG": 1009,
    }


def test_a_close_frame_may_be_empty() -> None:
    assert parse_close(b"") is None


def test_a_close_frame_of_one_byte_is_refused() -> None:
    with pytest.raises(FrameError) as caught:
        parse_close(b"\x03")
    assert caught.value.status is CloseStatus.PROTOCOL_ERROR


def test_a_reason_in_utf8_is_read_over() -> None:
    assert parse_close(b"\x03\xe8" + "tschüß".encode()) == 1000


@pytest.mark.parametrize("reason", [b"\xff", b"tsch\xfc"])
def test_a_reason_that_is_not_utf8_is_refused(reason: bytes) -> None:
    with pytest.raises(FrameError, match=r"^the close reason is not UTF-8$") as caught:
        parse_close(b"\x03\xe8" + reason)
    assert caught.value.status is CloseStatus.INVALID_DATA

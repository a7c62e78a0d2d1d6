"""A daemon's encoding: both ways, at every place where its bytes may be cut."""

from itertools import product

import pytest

from bridge.config.encoding import ENCODINGS, MULTI_BYTE
from bridge.errors import CloseCode
from bridge.protocol.charset import UTF8_GROWTH, Charset, CharsetCheck, CharsetDecoder, Errors
from bridge.protocol.checks import Fault

MARKUP = set(b"\0<>&\"'")
CHARACTERS = [chr(code) for code in range(1, 0x10000) if not 0xD800 <= code < 0xE000]
TEXTS = {
    "cp1252": ["<a b='\u20ac\u00fc'/>", "", "na\u00efve", "plain"],
    "iso8859-15": ["\u20ac", "\u0153uvre"],
    "koi8-r": ["\u043f\u0440\u0438\u0432\u0435\u0442", ""],
    "cp437": ["\u2591\u2592\u2593", "\u00e9"],
    "shift_jis": ["<a>\u65e5\u672c\u8a9e\u8868</a>", "", "\uff76\uff85a", "\u30bd"],
    "euc_jp": ["\u65e5\u672c\u8a9e", "\uff76"],
    "gbk": ["\u4f60\u597d", "", "ok"],
    "gb18030": ["\u4f60\u00fc\U0001f600", "a"],
    "big5": ["\u4e2d\u6587", "\u529f"],
    "cp949": ["\ud55c\uad6d\uc5b4", "\ub620"],
}
"""Some with a backslash or a bar as the second byte of a character."""


def fed(
    encoding: str, pieces: list[bytes], *, framed: bool = True, errors: Errors = "strict"
) -> tuple[bytes, CloseCode | None]:
    """All that comes of the pieces, up to the first fault."""
    decoder = CharsetDecoder(Charset(encoding, errors, 1000), framed=framed)
    batches, code = [], None
    for piece in pieces:
        batch, code = decoder.feed(piece)
        batches.append(batch)
        if code is not None:
            break
    return b"".join(batches), code


def cuts(data: bytes) -> list[list[bytes]]:
    """The data in two pieces, cut everywhere, and in single bytes."""
    pairs = [[data[:place], data[place:]] for place in range(len(data) + 1)]
    return [*pairs, [data[place : place + 1] for place in range(len(data))]]


def framed_in(encoding: str, texts: list[str]) -> bytes:
    return "".join(f"{text}\0" for text in texts).encode(encoding)


# -- the encodings


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_character_has_a_byte_of_markup_or_a_zero_byte_in_it(encoding: str) -> None:
    assert bytes(MARKUP).decode(encoding).encode() == bytes(MARKUP)
    mistaken = [
        character
        for character in CHARACTERS
        if ord(character) not in MARKUP
        and not MARKUP.isdisjoint(character.encode(encoding, "ignore"))
    ]
    assert mistaken == []


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_bytes_make_more_than_three_times_as_much(encoding: str) -> None:
    for data in map(bytes, product(range(1, 256), repeat=1 + (encoding in MULTI_BYTE))):
        text = data.decode(encoding, "replace")
        assert "\0" not in text
        assert len(text.encode()) <= UTF8_GROWTH * len(data)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("errors", ["strict", "replace"])
def test_a_zero_byte_ends_whatever_was_begun(encoding: str, errors: Errors) -> None:
    for lead in range(1, 256):
        decoder = CharsetDecoder(Charset(encoding, errors, 1000), framed=False)
        data, code = decoder.feed(bytes([lead]))
        if code is None:
            more, code = decoder.feed(b"\0a")
            data += more
        assert code is not None or data.partition(b"\0")[2] == b"a"


# -- down


@pytest.mark.parametrize("framed", [True, False])
@pytest.mark.parametrize("errors", ["strict", "replace"])
@pytest.mark.parametrize(("encoding", "texts"), TEXTS.items())
def test_the_daemons_messages_become_utf_8_wherever_they_are_cut(
    encoding: str, texts: list[str], errors: Errors, framed: bool
) -> None:
    data = framed_in(encoding, texts)
    for pieces in cuts(data):
        outcome = fed(encoding, pieces, framed=framed, errors=errors)
        assert outcome == (framed_in("utf-8", texts), None)


BAD = {
    "cp1252": b"a\x81b",
    "ascii": b"a\xe9b",
    "shift_jis": b"a\xffb",
    "euc_jp": b"a\xff\xffb",
    "gb18030": b"a\xffb",
}


@pytest.mark.parametrize(("encoding", "bad"), BAD.items())
def test_what_is_not_of_the_encoding_ends_the_stream_behind_the_last_whole_message(
    encoding: str, bad: bytes
) -> None:
    for pieces in cuts(b"one\0two\0" + bad + b"\0three\0"):
        assert fed(encoding, pieces) == (b"one\0two\0", CloseCode.BAD_ENCODING)


@pytest.mark.parametrize(("encoding", "bad"), BAD.items())
def test_a_stream_that_is_not_cut_ends_behind_the_last_sound_character(
    encoding: str, bad: bytes
) -> None:
    for pieces in cuts(b"one\0two\0" + bad + b"\0three\0"):
        assert fed(encoding, pieces, framed=False) == (b"one\0two\0a", CloseCode.BAD_ENCODING)


@pytest.mark.parametrize("framed", [True, False])
@pytest.mark.parametrize(("encoding", "bad"), BAD.items())
def test_what_is_not_of_the_encoding_may_be_replaced(
    encoding: str, bad: bytes, framed: bool
) -> None:
    for pieces in cuts(b"one\0" + bad + b"\0three\0"):
        data, code = fed(encoding, pieces, framed=framed, errors="replace")
        one, replaced, three, rest = data.decode().split("\0")
        assert (code, one, three, rest) == (None, "one", "three", "")
        assert replaced.replace("\ufffd", "") == "ab"


@pytest.mark.parametrize("errors", ["strict", "replace"])
def test_half_a_character_at_the_end_of_a_message_is_no_part_of_the_next(errors: Errors) -> None:
    for pieces in cuts(b"one\0a\x93\0\xfa\0"):
        data, code = fed("shift_jis", pieces, errors=errors)
        if errors == "strict":
            assert (data, code) == (b"one\0", CloseCode.BAD_ENCODING)
        else:
            assert data.decode().split("\0")[1] == "a\ufffd"


def test_a_message_is_measured_as_the_daemon_sent_it() -> None:
    texts = ["\u20ac" * 1000, "\u20ac" * 1001]
    decoder = CharsetDecoder(Charset("cp1252", "strict", 1000), framed=True)
    data, code = decoder.feed(framed_in("cp1252", texts))
    assert (data, code) == (framed_in("utf-8", texts[:1]), CloseCode.MESSAGE_TOO_BIG)


def test_an_unfinished_message_is_held_until_it_is_dropped() -> None:
    decoder = CharsetDecoder(Charset("shift_jis", "strict", 1000), framed=True)
    decoder.feed(b"one\0two\x93")
    assert decoder.held_bytes == 4
    decoder.drop_unfinished()
    assert decoder.held_bytes == 0


def test_the_end_names_the_encoding_that_the_daemon_did_not_keep_to() -> None:
    charset = Charset("cp1252", "strict", 1000)
    assert charset.detail_of(CloseCode.BAD_ENCODING) == "the daemon sent bytes that are not cp1252"
    assert charset.detail_of(CloseCode.MESSAGE_TOO_BIG) == ""


# -- up


@pytest.mark.parametrize(("encoding", "texts"), TEXTS.items())
def test_messages_become_the_daemons(encoding: str, texts: list[str]) -> None:
    charset = Charset(encoding, "strict", 1000)
    assert charset.encode(framed_in("utf-8", texts)) == framed_in(encoding, texts)
    check = CharsetCheck(charset, None)
    assert [check(text.encode()) for text in texts] == [None] * len(texts)


def test_a_message_with_a_character_that_the_daemon_does_not_have_is_refused() -> None:
    fault = CharsetCheck(Charset("cp1252", "strict", 1000), None)("a\u65e5".encode())
    assert fault == Fault("bad-encoding", "the daemon's encoding, cp1252, has no U+65E5")


def test_a_character_that_the_daemon_does_not_have_may_be_replaced() -> None:
    charset = Charset("cp1252", "replace", 1000)
    assert CharsetCheck(charset, None)("a\u65e5".encode()) is None
    assert charset.encode("a\u65e5\0\u20ac\0".encode()) == b"a?\0\x80\0"


@pytest.mark.parametrize(
    ("encoding", "text", "passes"),
    [
        ("cp1252", "\u20ac" * 10, True),
        ("cp1252", "\u20ac" * 11, False),
        ("gb18030", "\u00ff" * 2, True),
        ("gb18030", "\u00ff" * 3, False),
    ],
)
def test_a_message_is_measured_as_the_daemon_would_see_it(
    encoding: str, text: str, passes: bool
) -> None:
    fault = CharsetCheck(Charset(encoding, "strict", 10), None)(text.encode())
    assert passes is (fault is None)
    if fault is not None:
        detail = "the message is longer than 10 bytes in the daemon's encoding"
        assert fault == Fault("message-too-big", detail)


def test_the_other_check_has_its_say() -> None:
    seen: list[bytes] = []
    other = Fault("not-well-formed", "not XML")

    def check(message: bytes) -> Fault | None:
        seen.append(message)
        return other

    message = "\u20ac".encode()
    assert CharsetCheck(Charset("cp1252", "strict", 10), check)(message) == other
    assert seen == [message]


@pytest.mark.parametrize(
    ("encoding", "sent", "seen"),
    [
        ("cp1252", "<?p \u0416><evil/><?q ?>", "<?p ?><evil/><?q ?>"),
        ("cp1252", "<a \u0416='1' \u0428='2'/>", "<a ?='1' ?='2'/>"),
        ("shift_jis", "<a>\u00a5\u203e</a>", "<a>\\~</a>"),
        ("euc_kr", "<a>\u3164</a>", "<a>\ufffd"),  # which Python writes, and cannot read again
    ],
)
def test_what_is_checked_is_what_the_daemon_will_see(encoding: str, sent: str, seen: str) -> None:
    """Replacing can make markup of what was text."""
    checked: list[bytes] = []
    CharsetCheck(Charset(encoding, "replace", 100), checked.append)(sent.encode())
    assert [message.decode() for message in checked] == [seen]

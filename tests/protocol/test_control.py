"""Control frames as the server writes them, and as far as a client's may differ from that."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import CloseCode, End
from bridge.protocol import control
from bridge.protocol.checks import Fault
from bridge.protocol.control import BadControl, ClientControl
from bridge.protocol.up_log import Refusal


def test_the_open_frame_says_the_terms_and_where_both_logs_stand() -> None:
    assert control.opened({"id": "a-x", "wait_s": 25}, 5, 18) == (
        b'{"open":{"id":"a-x","wait_s":25},"ack":5,"first":18}'
    )


@pytest.mark.parametrize("number", [0, 7, 1 << 60])
def test_an_acknowledgement_says_the_number(number: int) -> None:
    assert control.ack(number) == b'{"ack":%d}' % number


def test_a_rejection_says_number_code_and_detail() -> None:
    assert control.reject(Refusal(7, Fault("not-well-formed", 'no "a"'))) == (
        b'{"reject":{"message":7,"code":"not-well-formed","detail":"no \\"a\\""}}'
    )


def test_a_close_says_code_and_detail() -> None:
    assert control.close(End(CloseCode.DAEMON_CLOSED, "the daemon ended its stream")) == (
        b'{"close":{"code":"daemon-closed","detail":"the daemon ended its stream"}}'
    )


def test_a_close_says_when_to_come_back() -> None:
    assert control.close(End(CloseCode.SHUTDOWN, "the bridge is stopping", 17)) == (
        b'{"close":{"code":"shutdown","detail":"the bridge is stopping","retry_after_s":17}}'
    )


@given(st.text())
def test_no_control_frame_holds_a_zero_byte(text: str) -> None:
    frame = control.encode({"detail": text})
    assert b"\0" not in frame
    assert json.loads(frame) == {"detail": text}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"{}", ClientControl(None, close=False)),
        (b'{"ack":0}', ClientControl(0, close=False)),
        (b' {"ack" : 12} ', ClientControl(12, close=False)),
        (b'{"ack":1152921504606846976}', ClientControl(1 << 60, close=False)),
        (b'{"close":{}}', ClientControl(None, close=True)),
        (b'{"close":null}', ClientControl(None, close=True)),
        (b'{"ack":3,"close":{}}', ClientControl(3, close=True)),
        ('{"é":[1,{"ack":2}],"closed":true}'.encode(), ClientControl(None, close=False)),
    ],
)
def test_of_a_clients_frame_ack_and_close_count(text: bytes, said: ClientControl) -> None:
    assert control.decode(text) == said


@pytest.mark.parametrize(
    "text",
    [b"", b"ack", b'{"ack":1', b"{'ack':1}", b'{"ack":1}{}', b'{"a":NaN}', b"\xef\xbb\xbf{}"],
)
def test_what_is_no_json_is_no_control_frame(text: bytes) -> None:
    with pytest.raises(BadControl, match=r"^a frame without a zero byte must be one JSON object$"):
        control.decode(text)


@pytest.mark.parametrize("text", [b"[" * 100_000, b'{"ack":' + b"9" * 5000 + b"}"])
def test_json_beyond_what_can_be_read_is_no_control_frame(text: bytes) -> None:
    with pytest.raises(BadControl, match="must be one JSON object"):
        control.decode(text)


@pytest.mark.parametrize("text", [b"[]", b"1", b"null", b'"ack"', b'["ack"]'])
def test_json_of_another_shape_is_no_control_frame(text: bytes) -> None:
    with pytest.raises(BadControl, match=r"^a control frame must be a JSON object$"):
        control.decode(text)


@pytest.mark.parametrize("number", [b"-1", b"1.0", b"1e3", b'"1"', b"true", b"null", b"[]"])
def test_an_acknowledgement_is_a_whole_number_from_0_up(number: bytes) -> None:
    with pytest.raises(BadControl, match=r"^ack must be a number, 0 or above$"):
        control.decode(b'{"ack":' + number + b"}")


def test_text_that_is_not_utf8_is_told_as_such() -> None:
    with pytest.raises(UnicodeDecodeError):
        control.decode(b'{"a":"\xff"}')

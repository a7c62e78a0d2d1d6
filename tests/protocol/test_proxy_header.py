"""The PROXY header, byte by byte."""

import pytest

from bridge.protocol.proxy_header import Endpoint, proxy_header

DAEMON = Endpoint("10.0.0.5", 9339)
DAEMON_6 = Endpoint("2001:db8::5", 9339)
SIGNATURE = bytes.fromhex("0d0a0d0a000d0a515549540a")


@pytest.mark.parametrize(
    ("source", "destination", "header"),
    [
        (Endpoint("192.0.2.7", 56324), DAEMON, "PROXY TCP4 192.0.2.7 10.0.0.5 56324 9339\r\n"),
        (Endpoint("2001:db8::1", 0), DAEMON_6, "PROXY TCP6 2001:db8::1 2001:db8::5 0 9339\r\n"),
        (Endpoint("::ffff:192.0.2.7", 1), DAEMON, "PROXY TCP4 192.0.2.7 10.0.0.5 1 9339\r\n"),
        (Endpoint("2001:db8::1", 1), DAEMON, "PROXY TCP6 2001:db8::1 ::ffff:a00:5 1 9339\r\n"),
        (Endpoint("192.0.2.7", 1), DAEMON_6, "PROXY TCP6 ::ffff:c000:207 2001:db8::5 1 9339\r\n"),
        (Endpoint("fe80::1%eth0", 1), DAEMON_6, "PROXY TCP6 fe80::1 2001:db8::5 1 9339\r\n"),
        (None, DAEMON, "PROXY UNKNOWN\r\n"),
    ],
)
def test_version_1_is_a_line(source: Endpoint | None, destination: Endpoint, header: str) -> None:
    assert proxy_header("v1", source, destination) == header.encode()


def test_version_2_over_ipv4() -> None:
    header = proxy_header("v2", Endpoint("192.0.2.7", 56324), DAEMON)
    assert header == SIGNATURE + bytes.fromhex("21 11 000c c0000207 0a000005 dc04 247b")


def test_version_2_over_ipv6() -> None:
    header = proxy_header("v2", Endpoint("2001:db8::1", 56324), DAEMON_6)
    address = "20010db8 00000000 00000000 0000000"
    assert header == SIGNATURE + bytes.fromhex(f"21 21 0024 {address}1 {address}5 dc04 247b")


def test_version_2_of_nobody_known_has_no_addresses() -> None:
    assert proxy_header("v2", None, DAEMON) == SIGNATURE + bytes.fromhex("21 00 0000")


def test_no_line_of_version_1_is_longer_than_a_receiver_must_take() -> None:
    longest = Endpoint("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 65535)
    assert len(proxy_header("v1", longest, longest)) <= 107


@pytest.mark.parametrize("text", ["", "unix:", "192.0.2.7\r\nGET /", "192.0.2.7 1"])
def test_what_is_no_address_makes_no_header(text: str) -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        proxy_header("v1", Endpoint(text, 1), DAEMON)

"""A PROXY header is read to its last byte, and names the client."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.protocol.proxy_header import SIGNATURE, Endpoint, Version, proxy_header
from bridge.protocol.proxy_reader import MAX_REST_BYTES, NoProxyHeader, bytes_missing, client_in

HERE = Endpoint("192.0.2.80", 8080)
IPV4, IPV6 = Endpoint("198.51.100.7", 4711), Endpoint("2001:db8::7", 65535)


def read(stream: bytes) -> tuple[Endpoint | None, bytes]:
    """The client, and what was left alone."""
    taken = 0
    while missing := bytes_missing(stream[:taken]):
        assert taken + missing <= len(stream), "it asks for more than there is"
        taken += missing
    return client_in(stream[:taken]), stream[taken:]


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("client", [IPV4, IPV6, None])
@pytest.mark.parametrize("after", [b"", b"GET / HTTP/1.1\r\n\r\n", b"\r\n\r\n", SIGNATURE])
def test_what_a_proxy_writes_is_read_and_nothing_behind_it(
    version: Version, client: Endpoint | None, after: bytes
) -> None:
    here = Endpoint("2001:db8::80", 8080) if client == IPV6 else HERE
    assert read(proxy_header(version, client, here) + after) == (client, after)


def binary(command: int, family: int, rest: bytes) -> bytes:
    return SIGNATURE + bytes([command, family]) + len(rest).to_bytes(2) + rest


ENDS = bytes([198, 51, 100, 7, 192, 0, 2, 80, 0x12, 0x67, 0x1F, 0x90])


@pytest.mark.parametrize(
    ("header", "client"),
    [
        (b"PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n", None),
        (b"PROXY TCP4 198.51.100.7 192.0.2.80 4711 8080\r\n", IPV4),
        (b"PROXY TCP6 2001:DB8::7 :: 65535 1\r\n", IPV6),
        (binary(0x21, 0x11, ENDS), IPV4),
        (binary(0x21, 0x11, ENDS + b"\x04\x00\x01\x00"), IPV4),
        (binary(0x20, 0x11, ENDS), None),
        (binary(0x20, 0x00, b""), None),
        (binary(0x21, 0x31, b"/run/a.sock".ljust(216, b"\0")), None),
    ],
)
def test_each_kind_of_header(header: bytes, client: Endpoint | None) -> None:
    assert read(header) == (client, b"")


@pytest.mark.parametrize(
    ("so_far", "missing"),
    [
        (b"", 15),
        (b"PROXY", 10),
        (SIGNATURE, 3),
        (SIGNATURE + b"\x21\x11\0", 1),
        (SIGNATURE + b"\x21\x11\0\x0c", 12),
        (b"PROXY UNKNOWN ff", 2),
        (b"PROXY UNKNOWN \r", 1),
        (b"PROXY UNKNOWN\r\n", 0),
    ],
)
def test_as_much_is_asked_for_as_there_must_be(so_far: bytes, missing: int) -> None:
    assert bytes_missing(so_far) == missing


SIGN = "it begins with neither version's sign, or does not end"
FORM = "its line has another form"
ADDRESS = "it has no address"
KIND = "its address or port is none of that kind"
COMMAND = "its version or command is not known"


@pytest.mark.parametrize(
    ("stream", "fault"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", SIGN),
        (b"PROXY TCP4 198.51.100.7 192.0.2.80 4711\r\n", FORM),
        (b"PROXY TCP4 2001:db8::7 192.0.2.80 4711 8080\r\n", KIND),
        (b"PROXY TCP4 198.51.100 192.0.2.80 4711 8080\r\n", ADDRESS),
        (b"PROXY TCP4 198.51.100.7 192.0.2.80 65536 8080\r\n", KIND),
        (b"PROXY TCP5 198.51.100.7 192.0.2.80 4711 8080\r\n", FORM),
        (b"PROXY  UNKNOWN  \n\r\n", FORM),
        (b"PROXY UNKNOWN" + b" " * 200, SIGN),
        (b"PROXY UNKNOWN".ljust(106) + b"\r\n", SIGN),
        (binary(0x11, 0x11, ENDS), COMMAND),
        (binary(0x22, 0x11, ENDS), COMMAND),
        (binary(0x21, 0x11, ENDS[:-1]), "its addresses are cut short"),
        (binary(0x21, 0x11, b"\0" * (MAX_REST_BYTES + 1)), "it is longer than 4096 bytes"),
    ],
)
def test_anything_else_is_none(stream: bytes, fault: str) -> None:
    with pytest.raises(NoProxyHeader) as caught:
        read(stream)
    assert str(caught.value) == fault


@pytest.mark.parametrize(
    ("header", "client"),
    [
        (b"PROXY UNKNOWN".ljust(105) + b"\r\n", None),
        (binary(0x21, 0x11, ENDS.ljust(MAX_REST_BYTES, b"\0")), IPV4),
    ],
)
def test_a_header_may_be_as_long_as_its_bound(header: bytes, client: Endpoint | None) -> None:
    assert read(header) == (client, b"")


@given(st.binary(min_size=300, max_size=300), st.sampled_from([b"", b"PROXY ", SIGNATURE]))
def test_whatever_comes_is_judged_within_bounds(data: bytes, start: bytes) -> None:
    stream, taken = start + data + b"\0" * MAX_REST_BYTES, 0
    try:
        while missing := bytes_missing(stream[:taken]):
            taken += missing
            assert taken <= 16 + MAX_REST_BYTES
        client_in(stream[:taken])
    except NoProxyHeader:
        return

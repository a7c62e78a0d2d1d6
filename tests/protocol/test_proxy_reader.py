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
    "stream",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"PROXY TCP4 198.51.100.7 192.0.2.80 4711\r\n",
        b"PROXY TCP4 2001:db8::7 192.0.2.80 4711 8080\r\n",
        b"PROXY TCP4 198.51.100 192.0.2.80 4711 8080\r\n",
        b"PROXY TCP4 198.51.100.7 192.0.2.80 65536 8080\r\n",
        b"PROXY TCP5 198.51.100.7 192.0.2.80 4711 8080\r\n",
        b"PROXY  UNKNOWN  \n\r\n",
        b"PROXY UNKNOWN" + b" " * 200,
        binary(0x11, 0x11, ENDS),
        binary(0x22, 0x11, ENDS),
        binary(0x21, 0x11, ENDS[:-1]),
        binary(0x21, 0x11, b"\0" * (MAX_REST_BYTES + 1)),
    ],
)
def test_anything_else_is_none(stream: bytes) -> None:
    with pytest.raises(NoProxyHeader):
        read(stream)


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

"""X-Forwarded-For is read from trusted proxies alone, from right to left."""

from ipaddress import ip_network

import pytest

from bridge.access.proxies import TrustedProxies

PROXIES = TrustedProxies([ip_network("10.0.0.0/8"), ip_network("2001:db8::/32")])
BY_UNIX = TrustedProxies(["unix", ip_network("10.0.0.0/8")])


def test_without_the_header_it_is_the_peer() -> None:
    assert PROXIES.client("192.0.2.1", []) == "192.0.2.1"
    assert PROXIES.client("10.0.0.1", []) == "10.0.0.1"
    assert PROXIES.client(None, []) is None
    assert BY_UNIX.client(None, []) is None


def test_what_a_stranger_writes_is_not_read() -> None:
    assert PROXIES.client("192.0.2.1", ["198.51.100.7"]) == "192.0.2.1"
    assert PROXIES.client(None, ["198.51.100.7"]) is None


@pytest.mark.parametrize("peer", ["10.0.0.1", "::ffff:10.0.0.1", "2001:db8::1"])
def test_what_a_trusted_proxy_writes_is_believed(peer: str) -> None:
    assert PROXIES.client(peer, ["198.51.100.7"]) == "198.51.100.7"


def test_whoever_comes_by_a_unix_socket_can_be_trusted() -> None:
    assert BY_UNIX.client(None, ["198.51.100.7"]) == "198.51.100.7"
    assert BY_UNIX.client("192.0.2.1", ["198.51.100.7"]) == "192.0.2.1"


@pytest.mark.parametrize(
    ("lines", "client"),
    [
        (["203.0.113.9, 198.51.100.7"], "198.51.100.7"),
        (["203.0.113.9, 198.51.100.7, 10.2.0.1, 10.1.0.1"], "198.51.100.7"),
        (["203.0.113.9", "198.51.100.7 ,10.2.0.1", "10.1.0.1"], "198.51.100.7"),
        (["10.3.0.1, 10.2.0.1"], "10.3.0.1"),
        (["10.9.9.9, 198.51.100.7"], "198.51.100.7"),
    ],
)
def test_the_client_is_the_last_that_is_no_proxy_of_ours(lines: list[str], client: str) -> None:
    assert PROXIES.client("10.0.0.1", lines) == client


@pytest.mark.parametrize("word", ["unknown", "", "_hidden", "198.51.100", "[::1", "a, ", "1:2:3"])
def test_behind_what_is_no_address_nobody_is_believed(word: str) -> None:
    assert PROXIES.client("10.0.0.1", [f"198.51.100.7, {word}, 10.2.0.1"]) == "10.2.0.1"
    assert PROXIES.client("10.0.0.1", [f"198.51.100.7, {word}"]) == "10.0.0.1"


@pytest.mark.parametrize(
    ("word", "client"),
    [
        ("198.51.100.7:4711", "198.51.100.7"),
        ("[2001:db9::7]:4711", "2001:db9::7"),
        ("[2001:db9::7]", "2001:db9::7"),
        ("2001:DB9:0::7", "2001:db9::7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
    ],
)
def test_an_address_has_one_form_however_it_is_written(word: str, client: str) -> None:
    assert PROXIES.client("10.0.0.1", [word]) == client

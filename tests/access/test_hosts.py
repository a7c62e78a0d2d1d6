"""The names of the bridge, as a table: which pages count as its own, and who is answered at all."""

import pytest

from bridge.access.hosts import Hosts
from bridge.access.origins import Page

UNSET = Hosts(None, is_proxied=False)
PROXIED = Hosts(None, is_proxied=True)
NAMED = Hosts(("bridge.example.com", "*.example.net"), is_proxied=False)

NOBODYS_OR_NUMBERS = [
    *("127.0.0.1", "127.0.0.1:8080", "192.168.1.5:80", "[::1]:8080", "[2001:db8::7]"),
    *("localhost", "LOCALHOST:8080", "localhost.:8080", "a.localhost", "gamebox", "gamebox:80"),
    *("gamebox.local", "bridge.internal:8080", "tv.lan", "pi.home.arpa"),
]
PUBLIC = ["evil.com", "evil.com:8080", "EVIL.com.", "localhost.evil.com", "127.0.0.1.evil.com"]
NO_HOSTS = ["", ":8080", "[::1", "a b", "evil.com:x@127.0.0.1 ", "[::1]evil.com", "é" * 300]
NOT_ASCII = [
    "\u212aiosk",
    "\u212a.localhost",
    "tv.\u2113an",
    "bücher.example.net",
    "localhost\u3002",
]


@pytest.mark.parametrize("hosts", [UNSET, NAMED], ids=["unset", "named"])
@pytest.mark.parametrize("host", NOBODYS_OR_NUMBERS)
def test_numbers_and_names_that_nobody_can_own_need_not_be_named(hosts: Hosts, host: str) -> None:
    assert hosts.vouches_for(host, over_tls=False)
    assert hosts.admits(host)


@pytest.mark.parametrize("hosts", [UNSET, NAMED], ids=["unset", "named"])
@pytest.mark.parametrize("host", PUBLIC)
def test_a_name_that_may_be_anybodys_makes_no_page_the_bridges_own(hosts: Hosts, host: str) -> None:
    assert not hosts.vouches_for(host, over_tls=False)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_page_of_the_host_asked_is_not_the_bridges_own_unless_the_host_is(scheme: str) -> None:
    page = Page(f"{scheme}://evil.com", "evil.com", host_is_known=False)
    assert page.is_of_host_asked
    assert not page.is_own


@pytest.mark.parametrize("host", [*NO_HOSTS, *NOT_ASCII])
def test_what_is_no_host_makes_no_page_the_bridges_own(host: str) -> None:
    assert not UNSET.vouches_for(host, over_tls=False)
    assert not NAMED.admits(host)


def test_whoever_was_asked_over_tls_has_shown_the_name() -> None:
    assert UNSET.vouches_for("play.example", over_tls=True)


def test_a_proxy_answers_for_the_names_that_it_passes_on() -> None:
    assert PROXIED.vouches_for("play.example", over_tls=False)
    assert PROXIED.admits("play.example")


@pytest.mark.parametrize("is_proxied", [False, True])
def test_once_names_are_configured_no_other_is_answered(is_proxied: bool) -> None:
    hosts = Hosts(("bridge.example.com",), is_proxied=is_proxied)
    assert hosts.admits("bridge.example.com:8443")
    assert hosts.admits("Bridge.Example.com.")
    assert hosts.vouches_for("bridge.example.com", over_tls=False)
    assert not hosts.admits("evil.com")
    assert not hosts.vouches_for("evil.com", over_tls=True)


def test_a_wildcard_names_what_lies_below_it_and_an_asterisk_everything() -> None:
    assert NAMED.admits("a.b.example.net")
    assert NAMED.admits("example.net")
    assert not NAMED.admits("example.net.evil.com")
    assert not NAMED.admits("notexample.net")
    assert Hosts(("*",), is_proxied=False).vouches_for("evil.com", over_tls=False)


def test_unless_names_are_configured_every_request_is_answered() -> None:
    assert UNSET.admits("evil.com")


def test_a_request_without_host_is_no_browsers() -> None:
    assert NAMED.admits(None)
    assert not UNSET.vouches_for(None, over_tls=False)

"""The `Origin` of a request: what it says of the page, and when it is the bridge's own."""

import pytest

from bridge.access.origins import Origin, Page, is_own

ORIGINS = [
    ("https://play.example.com", Origin("https://play.example.com", "play.example.com", True)),
    ("http://play.example.com", Origin("http://play.example.com", "play.example.com")),
    ("https://Play.Example.com:443", Origin("https://play.example.com", "play.example.com", True)),
    ("http://a.example:8000", Origin("http://a.example:8000", "a.example")),
    ("http://127.0.0.1", Origin("http://127.0.0.1", "127.0.0.1")),
    ("http://[::1]:8000", Origin("http://[::1]:8000", "::1")),
    ("http://localhost:3000", Origin("http://localhost:3000", "localhost")),
    ("null", Origin("null", is_null=True)),
    ("file://", Origin("null", is_null=True)),
    ("file:///home/me/page.html", Origin("null", is_null=True)),
    ("chrome-extension://abcdef", Origin("chrome-extension://abcdef")),
    ("capacitor://localhost", Origin("capacitor://localhost")),
]


@pytest.mark.parametrize(("header", "origin"), ORIGINS)
def test_an_origin_says_whose_page_it_is(header: str, origin: Origin) -> None:
    assert Origin.parse(header) == origin


@pytest.mark.parametrize(
    "header",
    [
        "", " ", "Null", "NULL", "*", "https", "https:", "https://", "//a.example", "a.example",
        "https://a.example/", "https://a.example/x", "https://a.example?x", "https://a.example#x",
        "https://a.example:", "https://a.example:x", "https://a.example:65536", "https://a.example:-1",
        "https://user@a.example", "https://a.example https://b.example", "https://a.example, null",
        "https://*.example", "https://a..example", "https://[::1", "https://[::g]", "https://256.1.1.1",
        "https://a.example\x00", "https://a.example\n", " https://a.example", "https://bücher.example",
        "https://%61.example", "javascript:alert(1)", "data:text/html,x", "https://a.example\\@b",
        "https://o\u212a.example", "https://\u212a", "\u212a://a.example", "file:///home/\u212a",
        "file://, https://a.example", "file:// https://a.example", "null, null", "null null",
    ],
)  # fmt: skip
def test_what_no_browser_sends_is_no_origin(header: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Origin.parse(header)


# An Origin, the request's Host, the forwarded scheme, and whether it is the bridge's own page.
OWN = [
    ("https://bridge.example", "bridge.example", None, True),
    ("http://bridge.example", "bridge.example", None, True),
    ("https://bridge.example", "bridge.example", "https", True),
    ("http://bridge.example", "bridge.example", "https", False),
    ("https://bridge.example", "bridge.example:443", None, True),
    ("http://bridge.example:8080", "bridge.example:8080", None, True),
    ("http://bridge.example:8080", "bridge.example", None, False),
    ("https://evil.example", "bridge.example", None, False),
    ("https://bridge.example.evil.example", "bridge.example", None, False),
    ("https://bridge.example/", "bridge.example", None, False),
    ("https://me@bridge.example", "bridge.example", None, False),
    ("ftp://bridge.example", "bridge.example", None, False),
    ("null", "null", None, False),
    ("https://bridge.example:x", "bridge.example:x", None, False),
    ("https://", "", None, False),
    ("http://[::1]:8080", "[::1]:8080", None, True),
    ("HTTP://Bridge.Example:80", "BRIDGE.example", None, True),
]

NO_HOSTS = ["{}0", "{}x", "{}:x", "{}:65536", "me@{}", "{}/", "{}?x", "{}#x", " {}", "{},{}"]


@pytest.mark.parametrize(("origin", "host", "proto", "own"), OWN)
def test_a_page_is_the_bridges_own_if_host_port_and_scheme_are(
    origin: str, host: str, proto: str | None, own: bool
) -> None:
    assert is_own(origin, host, proto) is own
    assert Page(origin, host, proto).is_own is own


def test_a_page_without_origin_is_the_bridges_own_only_by_the_browsers_word() -> None:
    assert Page(None, "bridge.example", says_same_origin=True).is_own
    assert not Page(None, "bridge.example").is_own


def test_the_browsers_word_does_not_stand_against_its_origin() -> None:
    assert not Page("https://evil.example", "bridge.example", says_same_origin=True).is_own


@pytest.mark.parametrize("host", ["bridge.example", "[::]"])
@pytest.mark.parametrize("malformed", NO_HOSTS)
def test_a_host_that_is_malformed_is_not_the_bridges_own(host: str, malformed: str) -> None:
    assert is_own(f"http://{host}", host, None)
    assert not is_own(f"http://{host}", malformed.format(host, host), None)

"""A domain of a policy means the hosts that its text says, and an origin is taken for what a
browser writes or refused."""

from typing import Final

from bridge.access.domains import Domain, is_ip, normal_host
from bridge.access.origins import Origin, Page, is_own
from tests.fuzz.dealt import Dealt

WORDS: Final = (
    *(
        b"*.",
        b"*",
        b"example.com",
        b"www.",
        b".com",
        b"192.0.2.1",
        b"[::1]",
        b"fe80::1%eth0",
        b":80",
    ),
    *(b"http://", b"https://", b"null", b"file://", b":443", b":65536", b"@", b"\xc3\xa4", b"xn--"),
    *(
        b"0x7f.1",
        b"\xe3\x80\x82",
        b"%2e",
        b"\\",
        b"#",
        b"?",
        b"chrome-extension://",
        b"..",
        b"\xc2\xad",
    ),
)
EXAMPLES: Final = (
    b"\x0d*.example.com\x0fwww.example.comhttps://example.com:443",
    b"\x01*\x05[::1]http://[::1]:80",
    b"\x09192.0.2.1\x09192.0.2.1null",
    b"\x01*\x05:[:5]http://http:",
    b"\x0bexample.com\x0bexample.orgfile:///a",
)


def check(data: bytes) -> None:
    dealt = Dealt(data)
    first, second = (dealt.part().decode(errors="replace") for _ in range(2))
    check_domain(first, second)
    check_origin(dealt.rest().decode(errors="replace"), second)


def check_domain(text: str, other: str) -> None:
    try:
        domain, host = Domain.parse(text), normal_host(other.lower())
    except ValueError:
        return
    assert Domain.parse(domain.text) == domain
    assert normal_host(host) == host
    assert domain.matches(host) is means(domain.text, host)
    assert domain.matches(None) is (domain.text == "*")
    if domain.covers(Domain(host)):
        assert domain.matches(host)


def means(text: str, host: str) -> bool:
    """By whole labels, counted from the right."""
    if text == "*":
        return True
    labels, asked = text.split("."), host.split(".")
    if labels[0] != "*":
        return text == host
    inner = labels[1:]
    return not is_ip(host) and len(asked) >= len(inner) and asked[-len(inner) :] == inner


def check_origin(header: str, host: str) -> None:
    try:
        origin = Origin.parse(header)
    except ValueError:
        assert not is_own(header, header, None)
        return
    assert Origin.parse(origin.text) == origin
    assert origin.text.isascii()
    assert origin.is_null is (origin.text == "null")
    if origin.host is not None:
        scheme, _, authority = origin.text.partition("://")
        assert origin.is_secure is (scheme == "https")
        assert authority.rpartition("@")[0] == ""
        assert is_own(header.lower(), authority, None)
    if is_own(header, host, None):
        assert Page(header, host).is_own
        assert origin.host is not None

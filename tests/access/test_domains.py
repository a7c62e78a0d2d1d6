"""The attribute `domain`: which pages' hosts it means."""

import pytest

from bridge.access.domains import Domain, normal_host

# What is written, hosts of pages that it means, hosts that it does not mean.
DOMAINS = [
    ("*", ["foo.com", "www.foo.com", "105.216.0.40", "::1", "localhost", None], []),
    ("www.foo.com", ["www.foo.com"], ["foo.com", "a.www.foo.com", "www.foo.com.", "wwwxfoo.com"]),
    ("foo.com", ["foo.com"], ["www.foo.com", "barfoo.com", "foo.com.evil.net", None]),
    (
        "*.foo.com",
        ["foo.com", "www.foo.com", "a.b.c.foo.com"],
        ["barfoo.com", "foo.com.evil.net", "foo.co", "foo.com.", "com", "105.216.0.40", None],
    ),
    ("*.www.foo.com", ["www.foo.com", "a.www.foo.com"], ["foo.com", "a.foo.com"]),
    ("WWW.Foo.COM", ["www.foo.com"], ["foo.com"]),
    ("*.FOO.com", ["foo.com", "www.foo.com"], ["bar.com"]),
    (" foo.com ", ["foo.com"], ["www.foo.com"]),
    ("localhost", ["localhost"], ["127.0.0.1", "::1", "a.localhost"]),
    ("my_box", ["my_box"], ["my-box"]),
    ("105.216.0.40", ["105.216.0.40"], ["105.216.0.4", "105.216.0.41", "foo.com", None]),
    ("::1", ["::1"], ["127.0.0.1", "localhost"]),
    ("[::1]", ["::1"], ["::2"]),
    ("2001:DB8:0:0::1", ["2001:db8::1"], ["2001:db8::2"]),
    ("bücher.example", ["xn--bcher-kva.example"], ["bucher.example"]),
    ("*.bücher.example", ["www.xn--bcher-kva.example"], ["bücher.example"]),
    ("xn--bcher-kva.example", ["xn--bcher-kva.example"], []),
]


@pytest.mark.parametrize(("text", "meant", "others"), DOMAINS)
def test_a_domain_means_itself_a_wildcard_what_lies_below_it_too(
    text: str, meant: list[str | None], others: list[str | None]
) -> None:
    domain = Domain.parse(text)
    assert [host for host in meant if not domain.matches(host)] == []
    assert [host for host in others if domain.matches(host)] == []


@pytest.mark.parametrize(
    "text",
    [
        "", " ", ".", "*.", "**", "*.*", "*.*.com", "*foo.com", "www.*.com", "www.q*.com", "foo.*",
        "www.foo.*", "*.com", "*.com.", "*.localhost", "*.*.foo.com", "foo.com*", ".foo.com",
        "foo..com", "-*.foo.com", "http://foo.com", "https://*.foo.com", "//foo.com", "foo.com:80",
        "*:80", "foo.com/", "*.foo.com/path", "foo.com,bar.com", "foo.com bar.com", "foo.com\x00",
        "192.168.1.*", "192.168.*", "*.168.1.1", "*.0.0.1", "*.1", "10.0.0.0/8", "1.2.3",
        "1.2.3.4.5", "010.0.0.1", "256.1.1.1", "127.1", "2130706433", ":::", "[::1", "::*",
        "fe80::1%eth0\n",
        "foo.com?", "user@foo.com", "a" * 64 + ".com", "a." * 127 + "com", "\u017f*.com",
        "\u202efoo.com", "foo\u30021", "[foo.com]", "[1.2.3.4]",
    ],
)  # fmt: skip
def test_what_is_no_domain_means_nobody(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Domain.parse(text)


@pytest.mark.parametrize("host", ["105.216.0.40", "127.0.0.1", "10.0.0.1", "::1"])
def test_no_wildcard_but_the_asterisk_alone_means_an_ip_address(host: str) -> None:
    assert not any(Domain(f"*.{end}").matches(host) for end in ("0.1", "216.0.40", "1", "foo.com"))
    assert Domain.parse("*").matches(host)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("[2001:db8:0::1]", "2001:db8::1"),
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0\u30021", "127.0.0.1"),
        ("foo.com.", "foo.com."),
    ],
)
def test_a_host_has_one_form(text: str, host: str) -> None:
    assert normal_host(text) == host

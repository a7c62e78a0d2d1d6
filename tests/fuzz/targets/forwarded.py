"""A client cannot make up who it is: what stands in `X-Forwarded-For` left of the first address
that is no trusted proxy's changes nothing."""

from ipaddress import ip_address, ip_network
from typing import Final

from bridge.access.proxies import TrustedProxies
from tests.fuzz.dealt import Dealt

WORDS: Final = (
    *(
        b"10.0.0.1",
        b"192.0.2.7",
        b"[fd00::1]:80",
        b"[2001:db8::7]",
        b"unknown",
        b", ",
        b",",
        b":80",
    ),
    *(b"::ffff:10.0.0.1", b"::ffff:192.0.2.7", b"_hidden", b"fe80::1%eth0", b'"', b"010.0.0.1"),
)
TRUSTED: Final = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
MOST_BYTES: Final = 300
PEERS: Final = ("10.0.0.9", "192.0.2.9", None)
EXAMPLES: Final = (
    b"\0\0\x09192.0.2.1192.0.2.7, 10.0.0.1, 10.0.0.2",
    b"\1\2\1a[2001:db8::7]:80, unknown\n10.0.0.1:80",
)


def check(data: bytes) -> None:
    dealt = Dealt(data)
    proxies = TrustedProxies((*TRUSTED, *dealt.one_of(((), ("unix",)))))
    peer, invented = dealt.one_of(PEERS), dealt.part().decode("latin-1")
    lines = [line.decode("latin-1") for line in dealt.take(MOST_BYTES).split(b"\n")]
    client = proxies.client(peer, lines)
    if not proxies.trusts_peer(peer):
        assert client == peer
        return
    words = [word for line in lines for word in line.split(",")]
    assert client is None or str(ip_address(client)) == client
    assert client == peer or any(proxies.client(peer, [word]) == client for word in words)
    if client is not None and not is_trusted(client):
        assert proxies.client(peer, [invented, *lines]) == client
    assert proxies.client(peer, [",".join(lines)]) == client


def is_trusted(client: str) -> bool:
    return any(ip_address(client) in network for network in TRUSTED)

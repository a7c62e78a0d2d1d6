"""A wrong address, network or name of a host is told with the one that was probably meant."""

import pytest

from tests.config.conftest import DAEMONS, Faults

PROXIES_FORM = (
    'write a list of networks like ["127.0.0.1/32"], "unix" for what comes by a unix socket'
)
HOSTS_FORM = (
    'write a list of names like ["bridge.example.com", "*.example.com"], without scheme or port'
)

# Each line is given together with a daemon and brings exactly one fault.
BRIDGE_FAULTS = {
    "listen: 80": "listen: 80 is a whole number; write host:port or unix:/path",
    "listen: 8080": (
        "listen: 8080 is a whole number; "
        "write host:port or unix:/path, for example 127.0.0.1:8080"
    ),
    "listen: localhost": (
        'listen: "localhost" does not end in a port; write host:port, the port 0 to 65535'
    ),
    "listen: a:65536": (
        'listen: 65536 is no port; write host:port, the port 0 to 65535'
    ),
    "listen: a:1_0": (
        'listen: "a:1_0" does not end in a port; write host:port, the port 0 to 65535'
    ),
    "listen: http://127.0.0.1:8080": (
        'listen: "http://127.0.0.1:8080" is a URL; write host:port, without http://'
    ),
    "listen: /run/bridge.sock": (
        'listen: "/run/bridge.sock" is a path; write unix:/run/bridge.sock'
    ),
    "listen: '*:80'": 'listen: "*:80" names no host; write 0.0.0.0:80 for every one',
    "listen: :80": 'listen: ":80" names no host; write 0.0.0.0:80 for every one',
    "listen: a..b:80": 'listen: "a..b" is not a host; write a name or an IP address',
    "listen: ::1:80": (
        'listen: the host "::1" has colons; write an IPv6 address as [::1]:port'
    ),
    "listen: '[::x]:80'": (
        'listen: "::x" is not an IP address; write one like [::1], or a name'
    ),
    "listen: 300.0.0.1:80": (
        'listen: "300.0.0.1" is not an IP address; write one like 127.0.0.1, or a name'
    ),
    "listen: unix:run.sock": (
        'listen: "run.sock" is not an absolute path; write for example unix:/run/bridge.sock'
    ),
    "listen: unix:/" + "x" * 107: (
        f'listen: the path "/{"x" * 56}..." is too long for a socket; '
        "write one of at most 107 bytes"
    ),
    "policy_listen: 843": "policy_listen: 843 is a whole number; write host:port or unix:/path",
    "hosts: bridge.example.com": f'hosts: "bridge.example.com" is text; {HOSTS_FORM}',
    "hosts: [7]": f"hosts: 7 is a whole number; {HOSTS_FORM}",
    "hosts: ['http://a.example']": f'hosts: "http://a.example" is not a name; {HOSTS_FORM}',
    "hosts: ['a.example:80']": f'hosts: "a.example:80" is not a name; {HOSTS_FORM}',
    "hosts: [1.2.3]": 'hosts: "1.2.3" is not an IP address; write one like 127.0.0.1, or a name',
    "hosts: ['*.1.2.3.4']": (
        f'hosts: "*.1.2.3.4" has a wildcard in an IP address; {HOSTS_FORM}'
    ),
    "hosts: ['a.*']": f'hosts: "a.*" is not a name; {HOSTS_FORM}',
    "hosts: ['*.com']": f'hosts: "*.com" would mean a whole top-level domain; {HOSTS_FORM}',
    "trusted_proxies: unix": f'trusted_proxies: "unix" is text; {PROXIES_FORM}',
    "trusted_proxies: [7]": f"trusted_proxies: 7 is a whole number; {PROXIES_FORM}",
    "trusted_proxies: [10.0.0.1/8]": (
        'trusted_proxies: "10.0.0.1/8" is an address within a network; '
        "write 10.0.0.0/8, or the address alone"
    ),
    "trusted_proxies: [10.0.0.1/33]": (
        f'trusted_proxies: "10.0.0.1/33" is not a network; {PROXIES_FORM}'
    ),
    "client_max_sessions: 0": (
        "client_max_sessions: 0 is out of range; "
        "write a whole number, or null for no limit, at least 1"
    ),
    "client_opens_per_s: 0": (
        "client_opens_per_s: 0 is out of range; "
        "write how many a second, or null for no limit, at least 0.001"
    ),
    "listen: unix:/run/b.sock\nclient_max_sessions: 5": (
        "client_max_sessions: by a unix socket no client has an address; "
        "write trusted_proxies: [unix] if the proxy there sends X-Forwarded-For"
    ),
    "listen_proxy_protocol: true": (
        "listen_proxy_protocol: its header is read from trusted_proxies alone; name them above it"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("line", "fault"), BRIDGE_FAULTS.items())
def test_a_fault_says_what_is_wrong_and_what_would_be_right(
    faults: Faults, line: str, fault: str
) -> None:
    assert faults(f"{line}\n{DAEMONS}") == [fault]


NETWORKS_FORM = (
    'write a list of networks like ["10.0.0.0/8"], "private" among them for all that are not public'
)

DAEMON_FAULTS = {
    "a: {}": "daemons.a.address: missing; write address: host:port, or embedded: chat for a demo",
    "a: {address: b:9339, embedded: chat}": (
        "daemons.a.address: given beside embedded: chat; keep one of the two"
    ),
    "a: {address: 9339}": (
        "daemons.a.address: 9339 is a whole number; write host:port, for example 127.0.0.1:9339"
    ),
    "a: {address: ':9339'}": (
        'daemons.a.address: "" is not a host; write a name or an IP address'
    ),
    "a: {address: b}": (
        'daemons.a.address: "b" does not end in a port; write host:port, the port 1 to 65535'
    ),
    "a: {address: 'b:0'}": (
        "daemons.a.address: 0 is no port; write host:port, the port 1 to 65535"
    ),
    "a: {address: 'tcp://10.0.0.5:9339'}": (
        'daemons.a.address: "tcp://10.0.0.5:9339" is a URL; write host:port, without tcp://'
    ),
    "a: {address: 'b:1023'}": (
        "daemons.a.address: port 1023 is below 1024, where system services listen; "
        "write allow_privileged_port: true beside it if that is meant"
    ),
    "a: {embedded: chat, never: private}": (
        f'daemons.a.never: "private" is text; {NETWORKS_FORM}'
    ),
    "a: {embedded: chat, never: [7]}": f"daemons.a.never: 7 is a whole number; {NETWORKS_FORM}",
    "a: {embedded: chat, never: [10.0.0.5/8]}": (
        'daemons.a.never: "10.0.0.5/8" is an address within a network; '
        "write 10.0.0.0/8, or the address alone"
    ),
    "a: {embedded: chat, source: 10.0.0.2}": (
        'daemons.a.source: "10.0.0.2" is text; write a list of IP addresses like ["10.0.0.2"]'
    ),
    "a: {embedded: chat, source: [eth0]}": (
        'daemons.a.source[0]: "eth0" is not an IP address; '
        "write one of this machine's, like 10.0.0.2"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("line", "fault"), DAEMON_FAULTS.items())
def test_a_fault_of_a_daemon_says_where_it_is(faults: Faults, line: str, fault: str) -> None:
    assert faults(f"daemons:\n  {line}\n") == [fault]

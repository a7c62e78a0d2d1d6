"""A bad file is refused with a line for each fault: where, what is wrong, what would be right."""

from pathlib import Path

import pytest

from bridge.config import Config
from bridge.config.faults import daemon_keys
from tests.config.conftest import DAEMONS, Faults

PROXIES_FORM = (
    'write a list of networks like ["127.0.0.1/32"], "unix" for what comes by a unix socket'
)

HOSTS_FORM = (
    'write a list of names like ["bridge.example.com", "*.example.com"], without scheme or port'
)

# Each line is given together with a daemon and brings exactly one fault.
TOP_LEVEL_FAULTS = {
    "wait_s: yes": "wait_s: true is a boolean; write seconds (default 25)",
    "wait_s: soon": 'wait_s: "soon" is text; write seconds (default 25)',
    "wait_s:": "wait_s: no value was given; write seconds (default 25)",
    "wait_s: [1]": "wait_s: a list was given; write seconds (default 25)",
    "wait_s: {a: 1}": "wait_s: a mapping was given; write seconds (default 25)",
    "wait_s: .nan": "wait_s: nan is not a finite number; write seconds (default 25)",
    "wait_s: .inf": "wait_s: inf is not a finite number; write seconds (default 25)",
    "wait_s: 0": "wait_s: 0 is out of range; write seconds, at least 0.01 (default 25)",
    "wait_s: 86401": "wait_s: 86401 is out of range; write seconds, at most 86400 (default 25)",
    "drain_s: -1": "drain_s: -1 is out of range; write seconds, at least 0 (default 0)",
    "slow_client_s: -1.5": (
        "slow_client_s: -1.5 is out of range; write seconds, at least 0.01 (default 30)"
    ),
    "connect_timeout_s: 18": (
        "connect_timeout_s: 18 is out of range; write seconds, less than 18 (default 10)"
    ),
    "max_sessions: on": (
        "max_sessions: true is a boolean; write a whole number (default 10000)"
    ),
    "max_sessions: 1.5": (
        "max_sessions: 1.5 is a decimal number; write a whole number (default 10000)"
    ),
    'max_sessions: "5"': 'max_sessions: "5" is text; write a whole number (default 10000)',
    "max_sessions: 0": (
        "max_sessions: 0 is out of range; write a whole number, at least 1 (default 10000)"
    ),
    "xml_max_depth: 251": (
        "xml_max_depth: 251 is out of range; write a whole number, at most 250 (default 100)"
    ),
    "log_low_water_bytes: 1048576": (
        "log_low_water_bytes: 1048576 is not below log_high_water_bytes, which is 1048576; "
        "write for example 262144"
    ),
    "log_high_water_bytes: 1000": (
        "log_low_water_bytes: 262144 is not below log_high_water_bytes, which is 1000; "
        "write for example 250"
    ),
    "console: 1": "console: 1 is a whole number; write true or false (default true)",
    "node: A": 'node: "A" is not a node name; write 1 to 16 of a-z and 0-9',
    "node: 7": (
        "node: 7 is a whole number; write a name in quotes, 1 to 16 of a-z and 0-9 (default a)"
    ),
    "base_path: /a/../b": (
        'base_path: "/a/../b" is not a path that can be served; '
        "write for example /bridge/, of letters, digits and . _ ~ -"
    ),
    "base_path: a?b": (
        'base_path: "a?b" is not a path that can be served; '
        "write for example /bridge/, of letters, digits and . _ ~ -"
    ),
    "listen: 8080": "listen: 8080 is a whole number; write host:port or unix:/path",
    "listen: localhost": (
        'listen: "localhost" does not end in a port; write host:port, the port 0 to 65535'
    ),
    "listen: a:65536": (
        'listen: "a:65536" does not end in a port; write host:port, the port 0 to 65535'
    ),
    "listen: a:1_0": (
        'listen: "a:1_0" does not end in a port; write host:port, the port 0 to 65535'
    ),
    "listen: '*:80'": (
        'listen: "*" is not a host; write a name or an IP address, 0.0.0.0 for every one'
    ),
    "listen: a..b:80": (
        'listen: "a..b" is not a host; write a name or an IP address, 0.0.0.0 for every one'
    ),
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
    "hosts: ['a.*']": f'hosts: "a.*" is not a name; {HOSTS_FORM}',
    "hosts: ['*.com']": f'hosts: "*.com" would mean a whole top-level domain; {HOSTS_FORM}',
    "trusted_proxies: unix": f'trusted_proxies: "unix" is text; {PROXIES_FORM}',
    "trusted_proxies: [7]": f"trusted_proxies: 7 is a whole number; {PROXIES_FORM}",
    "trusted_proxies: [10.0.0.1/8]": (
        f'trusted_proxies: "10.0.0.1/8" is not a network; {PROXIES_FORM}'
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
    "7: 8": "7: 7 is a whole number where a key belongs; write one of the known keys",
}  # fmt: skip


@pytest.mark.parametrize(("line", "fault"), TOP_LEVEL_FAULTS.items())
def test_a_fault_says_what_is_wrong_and_what_would_be_right(
    faults: Faults, line: str, fault: str
) -> None:
    assert faults(f"{line}\n{DAEMONS}") == [fault]


FORM = "write {address: host:port} or {embedded: chat}"
NAME_FORM = "is not a daemon name; write 1 to 64 of A-Z, a-z, 0-9 and . _ -"
ALIAS_FORM = "is not an alias; write 1 to 255 characters without spaces and slashes"
ORIGIN_FORM = (
    "is not an origin; write scheme://host or scheme://host:port without a path, "
    'for example https://play.example.com, or "*" for every one'
)
SCHEMA_FORM = "write the path of a schema that ends in .rng or .xsd"
POLICY_FORM = "write none, ask or file:PATH (default none)"
NETWORKS_FORM = (
    'write a list of networks like ["10.0.0.0/8"], "private" among them for all that are not public'
)
PACE_FORM = "write messages_per_s, bytes_per_s and burst_s below it, or null for no limit"
TLS_FORM = "write true, or ca, certificate, key and server_name below it (default false)"
GREETING_FORM = "write a message with {session}, {address} and {user} where they belong"
ENCODING_FORM = "write an encoding like windows-1252 or shift_jis"

DAEMON_FAULTS = {
    "a:": f"daemons.a: no value was given; {FORM}",
    "a: chat": f'daemons.a: "chat" is text; {FORM}',
    "7: {embedded: chat}": "daemons.7: 7 is a whole number; write the name in quotes",
    "a b: {embedded: chat}": f'daemons.a b: "a b" {NAME_FORM}',
    "..: {embedded: chat}": f'daemons...: ".." {NAME_FORM}',
    "a: {}": "daemons.a.address: missing; write address: host:port, or embedded: chat for a demo",
    "a: {address: b:9339, embedded: chat}": (
        "daemons.a.address: given beside embedded: chat; keep one of the two"
    ),
    "a: {embedded: irc}": 'daemons.a.embedded: "irc" is not known; write chat',
    "a: {address: 9339}": "daemons.a.address: 9339 is a whole number; write host:port",
    "a: {address: b}": (
        'daemons.a.address: "b" does not end in a port; write host:port, the port 0 to 65535'
    ),
    "a: {address: 'b:0'}": (
        "daemons.a.address: a daemon cannot have port 0; write the port it listens on"
    ),
    "a: {address: 'b:1023'}": (
        "daemons.a.address: port 1023 is below 1024, where system services listen; "
        "write allow_privileged_port: true beside it if that is meant"
    ),
    "a: {embedded: chat, messages: json}": (
        'daemons.a.messages: "json" is not known; write xml, text or bytes (default xml)'
    ),
    "a: {embedded: chat, aliases: b}": (
        'daemons.a.aliases: "b" is text; write a list of texts like ["example.com:9339"]'
    ),
    "a: {embedded: chat, aliases: [b, 7]}": (
        "daemons.a.aliases[1]: 7 is a whole number; "
        'write a list of texts like ["example.com:9339"]'
    ),
    "a: {embedded: chat, aliases: [b/c]}": f'daemons.a.aliases[0]: "b/c" {ALIAS_FORM}',
    'a: {embedded: chat, aliases: ["b\\0"]}': f'daemons.a.aliases[0]: "b\\u0000" {ALIAS_FORM}',
    "a: {embedded: chat, origins: [https://b/]}": (
        f'daemons.a.origins[0]: "https://b/" {ORIGIN_FORM}'
    ),
    "a: {embedded: chat, origins: [b.example.com]}": (
        f'daemons.a.origins[0]: "b.example.com" {ORIGIN_FORM}'
    ),
    "a: {embedded: chat, origins: ['https://*.b']}": (
        f'daemons.a.origins[0]: "https://*.b" {ORIGIN_FORM}'
    ),
    "a: {embedded: chat, allow_privileged_port: 1}": (
        "daemons.a.allow_privileged_port: 1 is a whole number; "
        "write true or false (default false)"
    ),
    "a: {embedded: chat, schema: 7}": f"daemons.a.schema: 7 is a whole number; {SCHEMA_FORM}",
    "a: {embedded: chat, schema: a.dtd}": (
        f'daemons.a.schema: "a.dtd" is no schema; {SCHEMA_FORM}'
    ),
    "a: {embedded: chat, messages: text, schema: a.rng}": (
        "daemons.a.schema: given beside messages: text; only xml fits a schema"
    ),
    "a: {embedded: chat, policy: all}": f'daemons.a.policy: "all" is not known; {POLICY_FORM}',
    "a: {embedded: chat, policy: 'file:'}": (
        f'daemons.a.policy: "file:" is not known; {POLICY_FORM}'
    ),
    "a: {embedded: chat, policy: true}": f"daemons.a.policy: true is a boolean; {POLICY_FORM}",
    "a: {embedded: chat, policy: {file: 7}}": (
        f"daemons.a.policy: 7 is a whole number; {POLICY_FORM}"
    ),
    "a: {embedded: chat, policy: {path: x}}": (
        f"daemons.a.policy: a mapping was given; {POLICY_FORM}"
    ),
    "a: {embedded: chat, policy_port: 0}": (
        "daemons.a.policy_port: 0 is out of range; write a port, at least 1 (default 843)"
    ),
    "a: {embedded: chat, policy_port: 65536}": (
        "daemons.a.policy_port: 65536 is out of range; write a port, at most 65535 (default 843)"
    ),
    "a: {embedded: chat, null_origin: 1}": (
        "daemons.a.null_origin: 1 is a whole number; write true or false (default false)"
    ),
    "a: {embedded: chat, never: private}": (
        f'daemons.a.never: "private" is text; {NETWORKS_FORM}'
    ),
    "a: {embedded: chat, never: [7]}": f"daemons.a.never: 7 is a whole number; {NETWORKS_FORM}",
    "a: {embedded: chat, never: [10.0.0.5/8]}": (
        f'daemons.a.never: "10.0.0.5/8" is not a network; {NETWORKS_FORM}'
    ),
    "a: {embedded: chat, up: 5}": f"daemons.a.up: 5 is a whole number; {PACE_FORM}",
    "a: {embedded: chat, up: {}}": (
        "daemons.a.up: it limits nothing; write messages_per_s or bytes_per_s below it"
    ),
    "a: {embedded: chat, up: {per_s: 5}}": (
        'daemons.a.up: unknown key "per_s"; known keys: messages_per_s, bytes_per_s, burst_s'
    ),
    "a: {embedded: chat, up: {bytes_per_s: 9kB}}": (
        'daemons.a.up: bytes_per_s: "9kB" is text; write a number from 1 to 1000000000'
    ),
    "a: {embedded: chat, up: {messages_per_s: 0}}": (
        "daemons.a.up: messages_per_s: 0 is out of range; write a number from 0.001 to 1000000"
    ),
    "a: {embedded: chat, up: {bytes_per_s: 9, burst_s: null}}": (
        "daemons.a.up: burst_s: no value was given; write a number from 0.1 to 3600"
    ),
    "a: {embedded: chat, tls: 1}": f"daemons.a.tls: 1 is a whole number; {TLS_FORM}",
    "a: {embedded: chat, tls: {verify: false}}": (
        'daemons.a.tls: unknown key "verify"; known keys: ca, certificate, key, server_name'
    ),
    "a: {embedded: chat, tls: {ca: true}}": (
        "daemons.a.tls: ca: true is a boolean; write the path of a PEM file"
    ),
    "a: {embedded: chat, tls: {key: a.key}}": (
        "daemons.a.tls: a key is given without a certificate; write certificate: PATH beside it"
    ),
    "a: {embedded: chat, tls: {server_name: 'a b'}}": (
        'daemons.a.tls: server_name: "a b" is not a name; '
        "write the one in the daemon's certificate"
    ),
    "a: {embedded: chat, proxy_protocol: v3}": (
        'daemons.a.proxy_protocol: "v3" is not known; write v1 or v2'
    ),
    "a: {embedded: chat, source: 10.0.0.2}": (
        'daemons.a.source: "10.0.0.2" is text; write a list of IP addresses like ["10.0.0.2"]'
    ),
    "a: {embedded: chat, source: [eth0]}": (
        'daemons.a.source[0]: "eth0" is not an IP address; '
        "write one of this machine's, like 10.0.0.2"
    ),
    "a: {embedded: chat, greeting: 7}": f"daemons.a.greeting: 7 is a whole number; {GREETING_FORM}",
    "a: {embedded: chat, greeting: '<a b=\"{name}\"/>'}": (
        'daemons.a.greeting: "<a b=\\"{name}\\"/>": {name} is not known; '
        "there are {session}, {address}, {user}"
    ),
    "a: {embedded: chat, messages: text, greeting: '{user.__class__}'}": (
        'daemons.a.greeting: "{user.__class__}": {user.__class__} is not known; '
        "there are {session}, {address}, {user}"
    ),
    "a: {embedded: chat, messages: text, greeting: 'a {'}": (
        "daemons.a.greeting: \"a {\": Single '{' encountered in format string; "
        "write {{ and }} for braces"
    ),
    "a: {embedded: chat, messages: text, greeting: ''}": (
        'daemons.a.greeting: "" is not one message; its zero byte is added'
    ),
    "a: {embedded: chat, greeting: 'hello {user}'}": (
        'daemons.a.greeting: "hello {user}" is not well-formed: syntax error; '
        "write XML, or messages: text"
    ),
    "a: {embedded: chat, encoding: utf-16}": (
        f'daemons.a.encoding: "utf-16" cannot be told from markup and zero bytes; {ENCODING_FORM}'
    ),
    "a: {embedded: chat, encoding: iso-2022-jp}": (
        'daemons.a.encoding: "iso-2022-jp" cannot be told from markup and zero bytes; '
        f"{ENCODING_FORM}"
    ),
    "a: {embedded: chat, encoding: klingon}": (
        f'daemons.a.encoding: "klingon" is not known; {ENCODING_FORM}'
    ),
    "a: {embedded: chat, messages: bytes, encoding: latin-1}": (
        "daemons.a.encoding: bytes are not converted; write messages: text, or no encoding"
    ),
    "a: {embedded: chat, encoding_errors: ignore}": (
        'daemons.a.encoding_errors: "ignore" is not known; write strict or replace (default strict)'
    ),
    "a: {embedded: chat, messages: text, encoding: latin-1, greeting: a \u20ac}": (
        'daemons.a.greeting: "\u20ac" is not in iso8859-1; write something else'
    ),
    "a: {embedded: chat, aliases: [a, c, c]}": (
        'daemons: names or aliases used twice: "a" (a, a), "c" (a, a); give each to one daemon, '
        "once"
    ),
    "{a: {embedded: chat, aliases: [b]}, b: {embedded: chat}}": (
        'daemons: names or aliases used twice: "b" (a, b); give each to one daemon, once'
    ),
}  # fmt: skip


@pytest.mark.parametrize(("line", "fault"), DAEMON_FAULTS.items())
def test_a_fault_of_a_daemon_says_where_it_is(faults: Faults, line: str, fault: str) -> None:
    assert faults(f"daemons:\n  {line}\n") == [fault]


def test_an_unknown_key_is_told_with_its_nearest_and_all_known_ones(faults: Faults) -> None:
    known = ", ".join(sorted(Config.model_fields))
    assert faults(f"wiat_s: 1\nzzz: 1\n{DAEMONS}") == [
        f"wiat_s: unknown key; did you mean wait_s? Known keys: {known}",
        f"zzz: unknown key; known keys: {known}",
    ]


def test_an_unknown_key_of_a_daemon_is_told_with_those_of_daemons(faults: Faults) -> None:
    known = ", ".join(sorted(daemon_keys()))
    assert "schema" in daemon_keys()
    assert faults("daemons: {a: {embedded: chat, adress: 1}}") == [
        f"daemons.a.adress: unknown key; did you mean address? Known keys: {known}"
    ]


def test_a_key_with_a_line_break_stays_on_its_line(faults: Faults) -> None:
    [fault] = faults(f'"a\\nb": 1\n{DAEMONS}')
    assert fault.startswith('"a\\nb": unknown key; ')


@pytest.mark.parametrize("escape", [r"\u2028", r"\x85", r"\u202e", r"\U000f0000"])
def test_what_cannot_be_seen_in_a_key_or_value_is_escaped(faults: Faults, escape: str) -> None:
    lines = faults(f'"a{escape}": 1\nnode: "a{escape}"\n{DAEMONS}')
    assert sorted(lines) == sorted(
        [
            next(line for line in lines if line.startswith(f'"a{escape}": unknown key; ')),
            f'node: "a{escape}" is not a node name; write 1 to 16 of a-z and 0-9',
        ]
    )


def test_the_name_of_a_file_that_cannot_be_read_stays_on_its_line(
    faults: Faults, tmp_path: Path
) -> None:
    [fault] = faults(f'auth: {{tokens: {{a: "file:b\\nc"}}}}\n{DAEMONS}')
    assert fault == (
        rf"auth: tokens.a: {tmp_path}/b\nc cannot be read: No such file or directory; "
        "name another file"
    )


def test_every_fault_of_the_file_is_told_at_once(faults: Faults) -> None:
    text = "wait_s: no\nnode: A\nlog_low_water_bytes: 9999999\ndaemons: {a: {}, b: {embedded: 1}}"
    assert [fault.split(": ")[0] for fault in faults(text)] == [
        "node",
        "wait_s",
        "log_low_water_bytes",
        "daemons.a.address",
        "daemons.b.embedded",
    ]


NO_DAEMONS = "write NAME: {address: host:port} or {embedded: chat} below it"

WHOLE_FILE_FAULTS = {
    "": "nothing is configured; write at least daemons: {demo: {embedded: chat}}",
    "# nothing": "nothing is configured; write at least daemons: {demo: {embedded: chat}}",
    "- a": "a list was given; write lines of the form key: value",
    "hello": '"hello" is text; write lines of the form key: value',
    "node: b": f"daemons: missing; {NO_DAEMONS}",
    "daemons:": f"daemons: no value was given; {NO_DAEMONS}",
    "daemons: {}": f"daemons: empty; {NO_DAEMONS}",
    "daemons: []": f"daemons: a list was given; {NO_DAEMONS}",
}


@pytest.mark.parametrize(("text", "fault"), WHOLE_FILE_FAULTS.items())
def test_a_file_without_daemons_is_refused(faults: Faults, text: str, fault: str) -> None:
    assert faults(text) == [fault]

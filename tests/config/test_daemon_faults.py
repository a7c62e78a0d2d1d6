"""What is wrong below a daemon's name is told with the daemon and the key."""

import pytest

from tests.config.conftest import Faults

FORM = "write {address: host:port} or {embedded: chat}"
NAME_FORM = "is not a daemon name; write 1 to 64 of A-Z, a-z, 0-9 and . _ -"
ALIAS_FORM = "is not an alias; write 1 to 255 characters without spaces and slashes"
ORIGIN_FORM = (
    "is not an origin; write scheme://host or scheme://host:port without a path, "
    'for example https://play.example.com, or "*" for every one'
)
SCHEMA_FORM = "write the path of a schema that ends in .rng or .xsd"
POLICY_FORM = "write none, ask or file:PATH (default none)"
PACE_FORM = "write messages_per_s, bytes_per_s and burst_s below it, or null for no limit"
TLS_FORM = "write true, or ca, certificate, key and server_name below it (default false)"
GREETING_FORM = "write a message with {session}, {address} and {user} where they belong"
ENCODING_FORM = "write an encoding like windows-1252 or shift_jis"

DAEMON_FAULTS = {
    "a:": f"daemons.a: no value was given; {FORM}",
    "a: chat": f'daemons.a: "chat" is text; {FORM}',
    "address: 'b:9339'": (
        f'daemons.address: "b:9339" is text; {FORM}, or a daemon\'s name above address if that is '
        "the key"
    ),
    "7: {embedded: chat}": "daemons.7: 7 is a whole number; write the name in quotes",
    "a b: {embedded: chat}": f'daemons.a b: "a b" {NAME_FORM}',
    "..: {embedded: chat}": f'daemons...: ".." {NAME_FORM}',
    "a: {embedded: irc}": 'daemons.a.embedded: "irc" is not known; write chat',
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
    "a: {embedded: chat, origins: [https://b..c]}": (
        'daemons.a.origins[0]: "b..c" is not a host; write a name or an IP address'
    ),
    "a: {embedded: chat, origins: [https://1.2.3]}": (
        'daemons.a.origins[0]: "1.2.3" is not an IP address; write one like 127.0.0.1, or a name'
    ),
    "a: {embedded: chat, origins: ['https://b:65536']}": (
        'daemons.a.origins[0]: "https://b:65536" has no port; write one up to 65535, or none'
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
    "a: {embedded: chat, up: 5}": f"daemons.a.up: 5 is a whole number; {PACE_FORM}",
    "a: {embedded: chat, up: {}}": (
        "daemons.a.up: it limits nothing; write messages_per_s or bytes_per_s below it"
    ),
    "a: {embedded: chat, up: {rate: 5}}": (
        'daemons.a.up: rate: unknown key; write one of messages_per_s, bytes_per_s, burst_s'
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
        'daemons.a.tls: verify: unknown key; write one of ca, certificate, key, server_name'
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
        'daemons.a.greeting: "hello {user}" is no XML: syntax error; '
        "write XML, or messages: text beside it"
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

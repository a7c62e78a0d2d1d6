"""Any file is a configuration, or is refused with a line for each fault: the file and the place
first, in characters that can be printed."""

import re
import tempfile
from pathlib import Path
from typing import Final

from bridge.config import Config, ConfigError, load
from bridge.config.faults import daemon_keys

WORDS: Final = (
    *(f"\n{key}: ".encode() for key in Config.model_fields),
    *(f"\n    {key}: ".encode() for key in daemon_keys()),
    *(
        b"daemons:\n  a:\n    address: b:9339\n",
        b"{embedded: chat}",
        b"*a",
        b"&a ",
        b"<<: *a",
        b"!!",
    ),
    *(b"? ", b"- ", b"[", b"]", b"{", b"}", b": ", b"|\n", b">\n", b"'", b'"', b"\\ud800", b"\\0"),
    *(b".inf", b".nan", b"null", b"true", b"1:1:1", b"0x", b"0b", b"1e9", b"2001-01-01", b"!!int "),
    *(
        b"!!python/object:",
        b"!!binary ",
        b"!!set ",
        b"!!omap ",
        b"=",
        b"%YAML 1.1\n---\n",
        b"\n...\n",
    ),
    *(b"unix:/", b"https://a", b"file:a", b"env:A", b"jwt: {algorithm: HS256, audience: a, key: "),
    *(b"tokens: {a: ", b"user_header: X-User", b"10.0.0.0/8", b"127.0.0.1:80", b"{user}", b"{0}"),
)
TOLD: Final = re.compile(r":(?: .+; .+|[0-9]+:[0-9]+: .+)")
LONGEST_LINE: Final = 4000
"""That of an unknown key, with all that are known."""
EXAMPLES: Final = (
    (
        b"listen: unix:/a\nnode: b\ndaemons:\n  a:\n    address: '[::1]:9339'\n    aliases: [b]\n"
        b"    origins: ['*']\n    policy: ask\n    encoding: shift_jis\n    messages: text\n"
    ),
    (
        b"d: &a {address: 'b:9339', messages: bytes}\ndaemons: {c: {<<: *a, tls: {ca: e}}, f: *a}\n"
        b"auth: {tokens: {g: '0123456789abcdef'}}\n"
    ),
    (
        b"wait_s: soon\nmax_sessions: 1:1\nnever: [private]\ntrusted_proxies: [10.0.0.0/8, unix]\n"
        b"daemons: {demo: {embedded: chat}}\n"
    ),
    b'auth: {tokens: {a: "file:b\\nc"}}\n',
    b"a text",
)


def check(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "config.yaml"
        file.write_bytes(data)
        try:
            config = load(file)
        except ConfigError as error:
            assert str(error).splitlines() == list(error.faults)
            assert error.faults
            assert all(is_told(line, file) for line in error.faults)
        else:
            assert config.daemons
            assert config.log_low_water_bytes < config.log_high_water_bytes


def is_told(line: str, file: Path) -> bool:
    """`FILE: what is wrong; what would be right`, or `FILE:line:column: what is wrong`."""
    told = TOLD.fullmatch(line.removeprefix(str(file)))
    return told is not None and line.isprintable() and len(line) <= LONGEST_LINE

"""Configuration files: what `xmlsocket-bridge check` makes of them."""

import contextlib
import io
import re
from dataclasses import dataclass
from typing import Final

from bridge.cli import main
from tests.security.bad_input.stage import Stage

PLACE: Final = re.compile(r"\S+: \S")
"""A fault begins with the file or the key that it is about."""
DEMO: Final = "daemons: {demo: {embedded: chat}}\n"


@dataclass(frozen=True, slots=True)
class Checked:
    """A file for `xmlsocket-bridge check`."""

    kind: str
    data: bytes
    got: str = "exit code 2, and each fault in a line"
    of: str = "strict"

    async def play(self, stage: Stage) -> str:
        file = stage.folder / "config.yaml"
        file.write_bytes(self.data)
        told = io.StringIO()
        with contextlib.redirect_stderr(told):
            code = main(["check", "--config", str(file)])
        lines = told.getvalue().splitlines()
        is_told = bool(lines) and all(PLACE.match(line) for line in lines)
        return f"exit code {code}, and {'each fault in a line' if is_told else told.getvalue()}"


def config(kind: str, text: str) -> Checked:
    return Checked(kind, text.encode())


LAUGHS: Final = "a: &a [x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)  # fmt: skip

CONFIGURATIONS: Final = [
    config("an empty file", ""),
    config("a list", "- a\n"),
    config("no daemons", "listen: 127.0.0.1:8080\n"),
    config("a tab", f"{DEMO}\tconsole: true\n"),
    config("a quote that does not end", f'{DEMO}node: "a\n'),
    config("a key twice", f"{DEMO}{DEMO}"),
    config("a key that is not known", f"{DEMO}lissen: 127.0.0.1:8080\n"),
    config("an object of Python", f"{DEMO}node: !!python/object/apply:os.system [id]\n"),
    config("a billion laughs", LAUGHS),
    config("an alias of itself", "daemons: &a {demo: *a}\n"),
    config("10,000 lists within each other", "[" * 10_000),
    config("a wrong kind of value", f"{DEMO}wait_s: soon\n"),
    config("not a number", f"{DEMO}wait_s: .nan\n"),
    config("an endless time", f"{DEMO}wait_s: .inf\n"),
    config("a negative time", f"{DEMO}wait_s: -1\n"),
    config("a number of 5,000 digits", f"{DEMO}max_sessions: {'9' * 5000}\n"),
    config("a port beyond the last", f"{DEMO}listen: 127.0.0.1:65536\n"),
    config("a daemon on a system's port", "daemons: {a: {address: '10.0.0.1:25'}}\n"),
    config("a daemon named ..", "daemons: {'..': {embedded: chat}}\n"),
    config("an origin with a path", "daemons: {a: {embedded: chat, origins: ['https://a.b/c']}}\n"),
    config("a policy that is not there", "daemons: {a: {embedded: chat, policy: file:nowhere}}\n"),
    config("a schema that is not there", "daemons: {a: {embedded: chat, schema: no.rng}}\n"),
    config("a token that is too short", f"{DEMO}auth: {{tokens: {{ada: short}}}}\n"),
    config(
        "a token in a variable that is not set", f"{DEMO}auth: {{tokens: {{ada: 'env:NO_SUCH'}}}}\n"
    ),
    config("a base path with ..", f"{DEMO}base_path: /a/../b\n"),
    Checked("bytes that are no UTF-8", b"node: \xff\n"),
    Checked("a zero byte", b"node: a\0\n"),
    Checked("a program", b"\x7fELF\x02\x01\x01"),
]

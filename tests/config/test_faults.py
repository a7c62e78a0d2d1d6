"""A bad file is refused with a line for each fault: where, what is wrong, what would be right."""

from pathlib import Path

import pytest

from tests.config.conftest import DAEMONS, Faults

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
    "7: 8": "7: 7 is a whole number where a key belongs; write one of the known keys",
}  # fmt: skip


@pytest.mark.parametrize(("line", "fault"), TOP_LEVEL_FAULTS.items())
def test_a_fault_says_what_is_wrong_and_what_would_be_right(
    faults: Faults, line: str, fault: str
) -> None:
    assert faults(f"{line}\n{DAEMONS}") == [fault]


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

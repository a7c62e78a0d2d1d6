"""A key that nobody knows is told with the one that was meant, where that can be guessed."""

import pytest

from bridge.config import Config
from bridge.config.faults import daemon_keys
from bridge.config.guess import CALLED_HERE
from tests.config.conftest import DAEMONS, Faults


def test_an_unknown_key_is_told_with_the_one_that_was_meant_alone(faults: Faults) -> None:
    assert faults(f"wiat_s: 1\n{DAEMONS}") == ["wiat_s: unknown key; did you mean wait_s?"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (f"port: 8080\n{DAEMONS}", "port: unknown key; did you mean listen?"),
        (f"path: /a\n{DAEMONS}", "path: unknown key; did you mean base_path?"),
        (
            "daemons: {a: {embedded: chat, Host: b}}",
            "daemons.a.Host: unknown key; did you mean address?",
        ),
        (
            "daemons: {a: {embedded: chat, ssl: true}}",
            "daemons.a.ssl: unknown key; did you mean tls?",
        ),
    ],
)
def test_a_key_that_other_programs_have_is_told_with_what_it_is_called_here(
    faults: Faults, text: str, fault: str
) -> None:
    assert faults(text) == [fault]


def test_every_guess_is_a_key() -> None:
    known = Config.model_fields.keys() | daemon_keys().keys()
    assert {name for names in CALLED_HERE.values() for name in names} <= known
    assert not CALLED_HERE.keys() & known


@pytest.mark.parametrize("key", ["tls", "ssl", "certificate"])
def test_who_wants_tls_from_the_bridge_is_sent_to_nginx(faults: Faults, key: str) -> None:
    assert faults(f"{key}: a.pem\n{DAEMONS}") == [
        f"{key}: the bridge speaks no TLS to clients; put nginx in front, as nginx/ has it"
    ]


def test_an_unknown_key_like_no_other_is_told_with_all_there_are(faults: Faults) -> None:
    known = ", ".join(sorted(Config.model_fields))
    assert faults(f"zzz: 1\n{DAEMONS}") == [f"zzz: unknown key; write one of {known}"]


def test_an_unknown_key_of_a_daemon_is_told_with_those_of_daemons(faults: Faults) -> None:
    known = ", ".join(sorted(daemon_keys()))
    assert "schema" in daemon_keys()
    assert faults("daemons: {a: {embedded: chat, adress: 1}, b: {embedded: chat, zzz: 1}}") == [
        "daemons.a.adress: unknown key; did you mean address?",
        f"daemons.b.zzz: unknown key; write one of {known}",
    ]


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("auth: {token: {}}", "auth: token: unknown key; did you mean tokens?"),
        ("auth: {jwt: {keys: a}}", "auth: jwt.keys: unknown key; did you mean key?"),
        (
            "client_up: {byte_per_s: 5}",
            "client_up: byte_per_s: unknown key; did you mean bytes_per_s?",
        ),
    ],
)
def test_keys_below_a_key_are_guessed_as_well(faults: Faults, written: str, fault: str) -> None:
    assert faults(f"{written}\n{DAEMONS}") == [fault]


def test_a_key_of_daemons_in_the_wrong_place_is_told_where_it_belongs(faults: Faults) -> None:
    assert faults(f"origins: []\n{DAEMONS}") == [
        "origins: a key of a daemon; write it below the daemon's name"
    ]


def test_a_key_of_the_bridge_below_a_daemon_is_told_where_it_belongs(faults: Faults) -> None:
    assert faults("daemons: {a: {embedded: chat, wait_s: 5}}") == [
        "daemons.a.wait_s: not a key of a daemon, but of the bridge; write it beside daemons"
    ]


def test_a_key_with_a_line_break_stays_on_its_line(faults: Faults) -> None:
    [fault] = faults(f'"a\\nb": 1\n{DAEMONS}')
    assert fault.startswith('"a\\nb": unknown key; ')

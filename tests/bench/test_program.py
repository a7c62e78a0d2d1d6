"""A program that is spoken to by lines; here shells say them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bench import program
from bench.client import Client, Report, Work
from bench.daemon import Daemon
from bench.failure import Failure
from bench.program import Program

WORK = Work("plain", clients=3)
Script = Callable[[str, str], None]


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Script:
    """Puts a script into the place of a program."""
    monkeypatch.setattr(program, "BUILT", tmp_path)

    def put(name: str, lines: str) -> None:
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{lines}\n")
        path.chmod(0o755)

    return put


def test_lines_are_read_one_at_a_time(script: Script) -> None:
    script("some", "echo one; echo two; exec sleep 60")
    with Program("some", [], 0) as running:
        assert [running.line(), running.line()] == ["one", "two"]


def test_a_program_that_is_silent_is_not_waited_for_any_longer(script: Script) -> None:
    script("some", "exec sleep 60")
    with Program("some", [], 0) as running, pytest.raises(Failure, match="in vain"):
        running.line(within_s=0.01)


def test_a_program_that_ends_early_is_told_by_its_exit_code(script: Script) -> None:
    script("some", "exit 3")
    with Program("some", [], 0) as running, pytest.raises(Failure, match="3"):
        running.line()


def test_another_line_than_the_expected_one_is_told(script: Script) -> None:
    script("some", "echo out of luck; exec sleep 60")
    with Program("some", [], 0) as running, pytest.raises(Failure, match="out of luck"):
        running.words("opened")


def test_a_push_is_answered_with_its_time(script: Script) -> None:
    script("daemon", "echo 4000; read command; echo pushed 2 123456; exec sleep 60")
    with Daemon(0) as daemon:
        assert daemon.port == 4000
        assert daemon.push(100) == 123456


def test_the_load_reports_what_it_measured(script: Script) -> None:
    script(
        "client",
        "echo opened 3 0.1;"
        """echo '{"messages": 10, "seconds": 2.5, "p50_us": 7, "p99_us": 9, "errors": 0}'""",
    )
    with Client(WORK, 4000, 0) as client:
        client.await_opened()
        assert client.report(within_s=10) == Report(10, 2.5, 7, 9)


def test_sessions_that_cannot_be_opened_are_told(script: Script) -> None:
    script(
        "client",
        "echo opened 2 0.1; cat;"  # until nothing more can be said to it
        """echo '{"errors": 1, "first_error": "the answer is 501"}'""",
    )
    with Client(WORK, 4000, 0) as client, pytest.raises(Failure, match="501"):
        client.await_opened()


def test_a_load_that_met_an_error_has_nothing_to_report(script: Script) -> None:
    script("client", """echo '{"messages": 10, "errors": 2, "first_error": "a frame too many"}'""")
    with Client(WORK, 4000, 0) as client, pytest.raises(Failure, match="a frame too many"):
        client.report(within_s=10)

"""The command line: help, version, wrong usage."""

import re

import pytest

from bridge import __version__
from bridge.cli import main


def left(*arguments: str) -> int | str | None:
    """The exit code of a command line that leaves at once."""
    with pytest.raises(SystemExit) as caught:
        main(list(arguments))
    return caught.value.code


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert left("--version") == 0
    assert capsys.readouterr().out == f"xmlsocket-bridge {__version__}\n"


def test_the_help_names_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert left("--help") == 0
    out = capsys.readouterr().out
    assert out.startswith("usage: xmlsocket-bridge ")
    assert re.search(r"^ +serve +run the bridge", out, re.MULTILINE)
    assert re.search(r"^ +check +check the configuration", out, re.MULTILINE)
    assert re.search(r"^ +explain +tell whether a page may reach", out, re.MULTILINE)


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("serve", ["--config", "--log-format"]),
        ("check", ["--config"]),
        ("explain", ["--host", "--config"]),
    ],
)
def test_the_help_of_a_command_names_its_options(
    capsys: pytest.CaptureFixture[str], command: str, options: list[str]
) -> None:
    assert left(command, "--help") == 0
    out = capsys.readouterr().out
    assert re.findall(r"^  (--[a-z-]+)", out, re.MULTILINE) == options
    assert "(default: config.yaml)" in out


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("run",),
        ("serve", "--port", "80"),
        ("serve", "--log-format", "xml"),
        ("check", "--log-format", "json"),
        ("check", "one.yaml", "two.yaml"),
        ("check", "one.yaml", "--config", "two.yaml"),
        ("serve", "--config", "one.yaml", "two.yaml"),
        ("explain", "null"),
        ("doctor",),
    ],
)
def test_a_wrong_command_line_is_answered_by_the_usage(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    assert left(*arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("usage: xmlsocket-bridge ")


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("127.0.0.1:8080", "does not begin with http:// or https://"),
        ("localhost:8080", "does not begin with http:// or https://"),
        ("bridge.example.com/path", "does not begin with http:// or https://"),
        ("ftp://bridge.example.com/", "is not the address of a bridge"),
        ("ws://bridge.example.com/", "is not the address of a bridge"),
        ("http:///path", "is not the address of a bridge"),
        ("http://bridge.example.com/?a=b", "is not the address of a bridge"),
        ("http://bridge.example.com:x/", "is no address"),
        ("http://[::1/", "is no address"),
    ],
)
def test_the_doctor_says_which_address_he_needs(
    capsys: pytest.CaptureFixture[str], url: str, fault: str
) -> None:
    assert left("doctor", url) == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert f"argument URL: {url!a} {fault}; write all of it, such as https://" in last


@pytest.mark.parametrize("quiet", ["-1", "300.5", "nan", "inf", "long"])
def test_a_silence_that_no_bridge_allows_is_refused(
    capsys: pytest.CaptureFixture[str], quiet: str
) -> None:
    assert left("doctor", f"--quiet={quiet}", "http://127.0.0.1/") == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert f"argument --quiet: {quiet!r} is out of range; write seconds from 0 to 300" in last

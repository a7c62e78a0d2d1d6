"""`xmlsocket-bridge check`: what a configuration says, or all that is wrong with it."""

from pathlib import Path

import pytest

from bridge.cli import main
from tests.cli.conftest import Write

DAEMONS = "daemons: {demo: {embedded: chat}}\n"
OWN = "  its own pages, which need no origins: by"
FOR_SURE = "IP addresses and names that nobody can own, like localhost"
ITS_OWN = f"{OWN} {FOR_SURE}; hosts would add others"
BY_TLS = (
    f"{OWN} any name of which a trusted proxy says X-Forwarded-Proto: https, {FOR_SURE}; "
    "hosts would say which"
)


def test_a_valid_configuration_is_summed_up(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(
        "listen: 127.0.0.1:8080\nbase_path: /flash\n"
        "daemons:\n  demo: {embedded: chat}\n  game: {address: 'game.example:9339',"
        " messages: bytes, aliases: ['old:1'], origins: ['https://play.example']}"
    )
    assert main(["check", "--config", str(file)]) == 0
    assert capsys.readouterr().out == (
        f"{file} is valid: it listens on 127.0.0.1:8080, below /flash/ for\n"
        "  demo: embedded chat, messages: xml\n"
        "  game: game.example:9339, messages: bytes, also as old:1, "
        "for pages of https://play.example\n"
        f"{ITS_OWN}\n"
    )


def test_what_a_daemon_speaks_is_summed_up(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(
        "daemons: {game: {address: 'a.example:9339', messages: text, encoding: latin-1, tls: true}}"
    )
    assert main(["check", str(file)]) == 0
    line = capsys.readouterr().out.splitlines()[1]
    assert line == "  game: a.example:9339, messages: text, encoding: iso8859-1, tls"


@pytest.mark.parametrize(
    ("keys", "last"),
    [
        ("listen: 127.0.0.1:8080", ITS_OWN),
        ("trusted_proxies: [10.0.0.0/8]", BY_TLS),
        ("trusted_proxies: [unix]", ITS_OWN),
        (
            "listen: unix:/run/b.sock",
            f"{OWN} any name that the proxy passes on; hosts would bound them",
        ),
        (
            "hosts: [b.example.com, '*.example.net']",
            f"{OWN} b.example.com, *.example.net, {FOR_SURE}",
        ),
    ],
)
def test_the_names_by_which_pages_are_the_bridges_own_are_summed_up(
    write: Write, capsys: pytest.CaptureFixture[str], keys: str, last: str
) -> None:
    file = write(f"{keys}\ndaemons: {{demo: {{embedded: chat}}}}")
    assert main(["check", "--config", str(file)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == last


def test_a_schema_that_cannot_be_used_is_a_fault_of_the_configuration(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write("daemons: {demo: {embedded: chat, schema: game.rng}}")
    assert main(["check", "--config", str(file)]) == 2
    schema = file.parent / "game.rng"
    assert capsys.readouterr().err == (
        f"{file}: daemons.demo.schema: {schema}: No such file or directory; "
        "write the path of a schema\n"
    )
    schema.write_text(
        "<element name='a' xmlns='http://relaxng.org/ns/structure/1.0'><empty/></element>"
    )
    assert main(["check", "--config", str(file)]) == 0
    assert f"messages: xml, schema: {schema}\n" in capsys.readouterr().out


def test_the_faults_of_all_files_are_told_at_once(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(
        "auth: {user_header: X-User}\n"
        "daemons:\n"
        "  a: {address: 'a.example:9339', policy: file:none.xml}\n"
        "  b: {address: 'b.example:9339', schema: none.rng}\n"
        "  c: {address: 'c.example:9339', tls: {ca: none.pem}}\n"
    )
    assert main(["check", str(file)]) == 2
    keys = ["daemons.a.policy", "auth.user_header", "daemons.c.tls.ca", "daemons.b.schema"]
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[:2] for line in lines] == [[str(file), key] for key in keys]


@pytest.mark.parametrize("form", [["--config"], []], ids=["option", "alone"])
def test_the_configuration_is_named_by_an_option_or_alone(
    write: Write, capsys: pytest.CaptureFixture[str], form: list[str]
) -> None:
    file = write(DAEMONS)
    assert main(["check", *form, str(file)]) == 0
    assert capsys.readouterr().out.startswith(f"{file} is valid")


def test_the_configuration_is_the_one_of_the_folder_unless_it_is_named(
    write: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(write(DAEMONS).parent)
    assert main(["check"]) == 0
    assert capsys.readouterr().out.startswith("config.yaml is valid")


@pytest.mark.parametrize("command", ["check", "serve"])
def test_every_fault_of_a_configuration_is_told_on_standard_error(
    write: Write, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    file = write(f"wait_s: soon\nnode: A\n{DAEMONS}")
    assert main([command, "--config", str(file)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.split(": ")[:2] for line in err.splitlines()] == [
        [str(file), "node"],
        [str(file), "wait_s"],
    ]


@pytest.mark.parametrize("command", ["check", "serve"])
def test_a_file_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    file = tmp_path / "missing.yaml"
    assert main([command, "--config", str(file)]) == 2
    assert capsys.readouterr() == (
        "",
        f"{file}: No such file or directory; name the configuration with --config FILE\n",
    )

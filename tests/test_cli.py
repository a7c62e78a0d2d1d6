"""The command line: what it answers, where, and with which exit code."""

import asyncio
import json
import re
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bridge import __version__
from bridge.cli import main
from tests.support.deadline import within_deadline

REPOSITORY = Path(__file__).resolve().parents[1]
DAEMONS = "daemons: {demo: {embedded: chat}}\n"

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the text of a configuration and returns the file."""

    def write_file(text: str) -> Path:
        file = tmp_path / "config.yaml"
        file.write_text(text)
        return file

    return write_file


# -- check


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
    )


@pytest.mark.parametrize(
    ("keys", "last"),
    [
        (
            "listen: unix:/run/b.sock",
            "  by any name that the proxy passes on; hosts would bound them",
        ),
        ("hosts: [b.example.com, '*.example.net']", "  by the names b.example.com, *.example.net"),
    ],
)
def test_the_names_of_the_bridge_are_summed_up_where_there_is_something_to_say(
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
        f"daemons.demo.schema: {schema}: No such file or directory; write the path of a schema\n"
    )
    schema.write_text(
        "<element name='a' xmlns='http://relaxng.org/ns/structure/1.0'><empty/></element>"
    )
    assert main(["check", "--config", str(file)]) == 0
    assert f"messages: xml, schema: {schema}\n" in capsys.readouterr().out


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


# -- help, version, wrong usage


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
        ("check", "config.yaml"),
        ("explain", "null"),
    ],
)
def test_a_wrong_command_line_is_answered_by_the_usage(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    assert left(*arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("usage: xmlsocket-bridge ")


# -- serve, as a process of its own


@asynccontextmanager
async def serving(file: Path, *options: str) -> AsyncIterator[Process]:
    """The running bridge, which is killed if the test leaves it alone."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bridge", "serve", "--config", str(file), *options,
        cwd=REPOSITORY, stdin=DEVNULL, stdout=PIPE, stderr=PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def listening(process: Process) -> str:
    """The line that says where it listens."""
    assert process.stderr is not None
    async with within_deadline("the line that says where it listens"):
        while "listening on " not in (line := (await process.stderr.readline()).decode()):
            assert line, "the bridge has ended"
    return line.rstrip("\n")


async def outcome(process: Process) -> tuple[int | None, str, str]:
    """Exit status, stdout and the rest of stderr, once the process has ended."""
    async with within_deadline("the end of the process"):
        out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_serves_until_a_signal_and_ends_cleanly(
    write: Write, number: signal.Signals
) -> None:
    async with serving(write(f"listen: 127.0.0.1:0\nbase_path: /flash\n{DAEMONS}")) as process:
        url = (await listening(process)).partition("listening on ")[2]
        assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+/flash/", url)
        async with aiohttp.ClientSession() as client, client.get(url + "v1/daemons") as answer:
            assert (await answer.json())["daemons"][0]["name"] == "demo"
        process.send_signal(number)
        status, out, err = await outcome(process)
    assert (status, out) == (0, "")
    told = [line.split(" INFO ")[1] for line in err.splitlines()]
    assert told == ["draining sessions=0", "stopping", "stopped"]


async def test_a_signal_ends_sessions_and_the_log_says_so(write: Write) -> None:
    async with serving(write(f"listen: 127.0.0.1:0\n{DAEMONS}")) as process:
        url = (await listening(process)).partition("listening on ")[2]
        async with (
            aiohttp.ClientSession() as client,
            client.post(url + "v1/daemons/demo/sessions") as answer,
        ):
            opened = await answer.json()
        process.send_signal(signal.SIGTERM)
        status, _, err = await outcome(process)
    assert status == 0
    assert " INFO draining sessions=1\n" in err
    assert re.search(rf" INFO session ended id={opened['id']} .*code=shutdown ", err)
    assert opened["key"] not in err


async def test_it_serves_on_a_unix_socket(write: Write, tmp_path: Path) -> None:
    path = tmp_path / "bridge.sock"
    async with serving(write(f"listen: unix:{path}\n{DAEMONS}")) as process:
        assert (await listening(process)).endswith(f" listening on unix:{path}")
        connector = aiohttp.UnixConnector(str(path))
        async with (
            aiohttp.ClientSession(connector=connector) as client,
            client.get("http://bridge/v1/daemons") as answer,
        ):
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        assert (await outcome(process))[0] == 0


async def test_lines_are_text_unless_json_is_asked_for(write: Write) -> None:
    async with serving(write(f"listen: 127.0.0.1:0\n{DAEMONS}")) as process:
        assert re.match(r"20\d\d-\S+ INFO listening on http://", await listening(process))


async def test_every_line_is_a_json_object_where_that_is_asked_for(write: Write) -> None:
    file = write(f"listen: 127.0.0.1:0\n{DAEMONS}")
    async with serving(file, "--log-format", "json") as process:
        first = json.loads(await listening(process))
        url = first["message"].removeprefix("listening on ")
        async with (
            aiohttp.ClientSession() as client,
            client.post(url + "v1/daemons/demo/sessions") as answer,
        ):
            opened = await answer.json()
        process.send_signal(signal.SIGTERM)
        status, _, err = await outcome(process)
    lines = [first, *map(json.loads, err.splitlines())]
    assert status == 0
    assert {line["level"] for line in lines} == {"info"}
    [ended] = [line for line in lines if line["message"] == "session ended"]
    assert (ended["id"], ended["code"], ended["up"]) == (opened["id"], "shutdown", 0)


async def test_a_port_in_use_is_told_in_one_line_and_ends_it(write: Write) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        async with serving(write(f"listen: {address}\n{DAEMONS}")) as process:
            status, out, err = await outcome(process)
    assert (status, out) == (1, "")
    [line] = err.splitlines()
    assert f" ERROR cannot serve on {address}: " in line
    assert "in use" in line


async def test_a_socket_that_cannot_be_made_is_told_and_ends_it(
    write: Write, tmp_path: Path
) -> None:
    path = tmp_path / "missing" / "bridge.sock"
    async with serving(write(f"listen: unix:{path}\n{DAEMONS}")) as process:
        status, _, err = await outcome(process)
    assert status == 1
    assert f" ERROR cannot serve on unix:{path}: " in err.splitlines()[-1]


async def test_a_bad_configuration_ends_it_before_it_serves(write: Write) -> None:
    async with serving(write("listen: nowhere\n")) as process:
        status, out, err = await outcome(process)
    assert (status, out) == (2, "")
    assert err.count("\n") == 2

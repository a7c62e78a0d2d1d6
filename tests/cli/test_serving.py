"""`xmlsocket-bridge serve`: until when it serves, what it logs, and how it ends."""

import json
import re
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.cli.conftest import Write
from tests.cli.process import line_with, listening, outcome, serving

DAEMONS = "daemons: {demo: {embedded: chat}}\n"


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


async def test_a_hangup_stops_it_too_and_it_says_that_nothing_is_read_again(write: Write) -> None:
    async with serving(write(f"listen: 127.0.0.1:0\n{DAEMONS}")) as process:
        await listening(process)
        process.send_signal(signal.SIGHUP)
        status, _, err = await outcome(process)
    hung_up, *rest = [line.split(" INFO ")[1] for line in err.splitlines()]
    assert hung_up == "SIGHUP stops the bridge; a changed configuration counts from its next start"
    assert (status, rest) == (0, ["draining sessions=0", "stopping", "stopped"])


async def test_a_terminal_that_hangs_up_twice_breaks_nothing_off(write: Write) -> None:
    file = write(f"listen: 127.0.0.1:0\ndrain_s: 60\n{DAEMONS}")
    async with serving(file) as process, opened(await listening(process)) as (http, url):
        process.send_signal(signal.SIGHUP)
        await line_with(process, "draining sessions=1")
        process.send_signal(signal.SIGHUP)
        assert (await http.delete(url)).status == 204
        assert (await outcome(process))[0] == 0


async def test_nohup_keeps_it_from_hearing_of_hangups(write: Write) -> None:
    file = write(f"listen: 127.0.0.1:0\ndrain_s: 60\n{DAEMONS}")
    async with (
        serving(file, prefix=["nohup"]) as process,
        opened(await listening(process)) as (http, url),
    ):
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGTERM)
        await line_with(process, "draining sessions=1")
        assert (await http.delete(url)).status == 204
        assert (await outcome(process))[0] == 0


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


@asynccontextmanager
async def opened(listening: str) -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    """A session of the bridge that wrote this line: who may end it, and its URL."""
    base = listening.partition("listening on ")[2]
    async with aiohttp.ClientSession() as http:
        async with http.post(f"{base}v1/daemons/demo/sessions") as answer:
            told = await answer.json()
        http.headers["Authorization"] = f"Bearer {told['key']}"
        yield http, f"{base}v1/sessions/{told['id']}"


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


async def test_a_second_bridge_on_the_same_unix_socket_is_refused_and_the_first_goes_on(
    write: Write, tmp_path: Path
) -> None:
    path = tmp_path / "bridge.sock"
    file = write(f"listen: unix:{path}\n{DAEMONS}")
    async with serving(file) as first:
        await listening(first)
        async with serving(file) as second:
            status, _, err = await outcome(second)
        assert status == 1
        assert f" ERROR cannot serve on unix:{path}: the address is in use; " in err
        connector = aiohttp.UnixConnector(str(path))
        async with (
            aiohttp.ClientSession(connector=connector) as client,
            client.get("http://bridge/v1/daemons") as answer,
        ):
            assert answer.status == 200


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

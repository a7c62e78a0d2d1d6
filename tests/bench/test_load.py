"""The load notices whatever a daemon does to its messages; the daemon of the load does nothing.

The client speaks the daemon's own language here, so that nothing is in between.
"""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from tests.bench.liars import LIARS
from tests.bench.load import Load, Program
from tests.support.daemon import ScriptedDaemon
from tests.support.deadline import within_deadline

IMPATIENT = ("--patience", 0.5)


@pytest.fixture
def port(daemon_socket: socket.socket, daemon: ScriptedDaemon) -> int:
    """The port of the scripted daemon, which is there when it is asked for."""
    number: int = daemon_socket.getsockname()[1]
    return number


@pytest.fixture
async def echo(load: Load) -> AsyncIterator[tuple[Program, int]]:
    """The daemon of the load, and its port."""
    async with load.daemon() as program:
        (number,) = await program.words()
        yield program, int(number)


@pytest.mark.parametrize("lie", LIARS)
async def test_a_message_that_does_not_come_back_as_it_was_sent_is_an_error(
    load: Load, daemon: ScriptedDaemon, port: int, lie: str
) -> None:
    daemon.on_message = LIARS[lie]
    report = await load.report(port, "tcp", "--batch", 10, *IMPATIENT)
    assert report["errors"] == 1
    assert report["first_error"].startswith(f"client 0: message {5 + (lie == 'doubles')} differs")


async def test_the_last_message_on_its_way_is_missed_when_it_is_lost(
    load: Load, daemon: ScriptedDaemon, port: int
) -> None:
    daemon.on_message = LIARS["loses"]
    report = await load.report(port, "tcp", *IMPATIENT)
    assert report["errors"] == 1
    assert report["first_error"] == "client 0: message 5 did not come back"


async def test_a_message_that_comes_before_it_was_sent_is_an_error(
    load: Load, echo: tuple[Program, int]
) -> None:
    daemon, port = echo
    async with load.client(port, "tcp", "--hold") as client:
        await client.words()
        daemon.say("push 100")  # the daemon's messages are the client's own
        await daemon.words()
        client.say("go")
        report = await client.report()
    assert report["errors"] == 1
    assert report["first_error"] == "client 0: message 1 came before it was sent"


async def test_a_client_that_has_met_an_error_does_not_stop_the_others(
    load: Load, daemon: ScriptedDaemon, port: int
) -> None:
    daemon.on_message = LIARS["confuses"]
    report = await load.report(port, "tcp", "--clients", 2)
    assert report["errors"] == 1
    assert report["messages"] > 0


async def test_a_connection_that_ends_is_an_error(
    load: Load, daemon: ScriptedDaemon, port: int
) -> None:
    daemon.say_goodbye()
    report = await load.report(port, "tcp")
    assert report["errors"] == 1
    assert "the connection has ended" in report["first_error"]


async def test_a_server_that_is_not_there_is_an_error(load: Load, dead_port: int) -> None:
    report = await load.report(dead_port, "tcp", "--clients", 3)
    assert report["errors"] == 3
    assert "cannot connect" in report["first_error"]


async def test_all_that_comes_back_in_time_is_counted(
    load: Load, echo: tuple[Program, int]
) -> None:
    _, port = echo
    report = await load.report(port, "tcp", "--clients", 3, "--batch", 7, "--size", 40)
    assert report["errors"] == 0
    assert report["first_error"] is None
    assert report["messages"] == 7 * report["batches"] > 0
    assert report["bytes"] == 40 * report["messages"]
    assert report["seconds"] > 0
    assert 0 < report["p50_us"] <= report["p99_us"] <= report["max_us"]


async def test_only_the_busy_clients_send(load: Load, daemon: ScriptedDaemon, port: int) -> None:
    daemon.echo()
    await load.report(port, "tcp", "--clients", 5, "--busy", 2)
    assert sum(bool(connection.data) for connection in daemon.connections) == 2


async def test_nothing_is_sent_on_hold_before_a_line_comes(
    load: Load, daemon: ScriptedDaemon, port: int
) -> None:
    daemon.echo()
    async with load.client(port, "tcp", "--hold", "--warm-up", 0, "--seconds", 0.1) as client:
        assert (await client.words())[:2] == ["opened", "1"]
        connection = await daemon.accepted()
        before = bytes(connection.data)
        client.say("go")
        report = await client.report()
    assert before == b""
    assert report["messages"] > 0


async def test_the_end_of_stdin_ends_the_hold(
    load: Load, daemon: ScriptedDaemon, port: int
) -> None:
    async with load.client(port, "tcp", "--hold") as client:
        await client.words()
        client.say_no_more()
        assert (await client.report())["messages"] == 0


async def test_the_daemon_sends_back_whatever_comes_in_pieces_of_any_size(
    echo: tuple[Program, int],
) -> None:
    _, port = echo
    sent = bytes(range(256)) * 40
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    async with within_deadline("the echo"):
        begin = 0
        for size in range(1, 143):
            writer.write(sent[begin : begin + size])
            await writer.drain()
            begin += size
            assert await reader.readexactly(size) == sent[begin - size : begin]
    writer.close()


async def test_the_daemon_loses_nothing_of_what_is_read_late(echo: tuple[Program, int]) -> None:
    _, port = echo
    loop = asyncio.get_running_loop()
    sent = b"".join(b"%07d\0" % number for number in range(1 << 21))
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setblocking(False)
        begin = send_until_full(connection, sent)
        async with within_deadline("the echo"), asyncio.TaskGroup() as group:
            group.create_task(loop.sock_sendall(connection, sent[begin:]))
            received = bytearray()
            while len(received) < len(sent):
                received += await loop.sock_recv(connection, 1 << 16)
    assert received == sent


def send_until_full(connection: socket.socket, data: bytes) -> int:
    """Sends as much as goes without being read at the other end, or at this; returns how much."""
    begin = 0
    try:
        while begin < len(data):
            begin += connection.send(data[begin : begin + (1 << 20)])
    except BlockingIOError:
        return begin
    raise AssertionError("nothing holds it up")


async def test_a_push_goes_to_every_client_and_both_ends_tell_when(
    load: Load, echo: tuple[Program, int]
) -> None:
    daemon, port = echo
    async with load.client(port, "tcp", "--clients", 3, "--listen-only", "--size", 50) as client:
        await client.words()
        for number in ("1", "2"):
            daemon.say("push 50")
            pushed, count, began_ns = await daemon.words()
            told, heard, heard_ns = await client.words()
            assert (pushed, count, told, heard) == ("pushed", "3", "all", number)
            assert int(began_ns) < int(heard_ns)
        client.say_no_more()
        report = await client.report()
    assert (report["messages"], report["errors"]) == (6, 0)


async def test_the_daemon_ends_with_its_stdin(echo: tuple[Program, int]) -> None:
    daemon, _ = echo
    daemon.say_no_more()
    assert await daemon.rest() == []


async def test_sessions_are_opened_and_closed_one_after_another(
    load: Load, daemon: ScriptedDaemon, port: int
) -> None:
    daemon.echo()
    async with load.client(port, "tcp", "--opens", 0.2, "--clients", 2) as client:
        report = await client.report()
    assert report["errors"] == 0
    assert 2 < report["opens"] <= len(daemon.connections)
    assert all(connection.data.count(0) <= 1 for connection in daemon.connections)

"""`python -m bridge.demo` as a process of its own."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.demo.conftest import Chat, Visitor
from tests.support.deadline import within_deadline

REPOSITORY = Path(__file__).resolve().parents[2]


@asynccontextmanager
async def demo(listen: str) -> AsyncIterator[Process]:
    """The running process, which is killed if the test leaves it alone."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bridge.demo", "--listen", listen,
        cwd=REPOSITORY, stdout=PIPE, stderr=PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def outcome(process: Process) -> tuple[int | None, str, str]:
    """Exit status, rest of stdout and stderr, once the process has ended."""
    async with within_deadline("the end of the process"):
        out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def address_of(process: Process) -> tuple[str, int]:
    assert process.stdout is not None
    async with within_deadline("the line that says where it listens"):
        line = (await process.stdout.readline()).decode()
    host, _, port = line.removeprefix("listening on ").rstrip("\n").rpartition(":")
    return host, int(port)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_serves_until_a_signal_and_ends_cleanly(number: signal.Signals) -> None:
    async with demo("127.0.0.1:0") as process:
        visitor = await Visitor.connect(*await address_of(process))
        assert await visitor.hear() == '<welcome name="guest1"/>'
        process.send_signal(number)
        assert await outcome(process) == (0, "", "")
        assert await visitor.rest() == b""
        await visitor.leave()


async def test_a_taken_port_is_said_and_ends_it(chat: Chat) -> None:
    async with demo(f"127.0.0.1:{chat.port}") as process:
        status, out, err = await outcome(process)
    assert (status, out) == (1, "")
    assert err.startswith(f"cannot listen on 127.0.0.1:{chat.port}: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize("listen", ["9339", ":9339", "a:b", "a:65536", "a:٣"])
async def test_what_is_no_address_is_refused(listen: str) -> None:
    async with demo(listen) as process:
        status, _, err = await outcome(process)
    assert status == 2
    assert f"argument --listen: invalid address value: '{listen}'" in err

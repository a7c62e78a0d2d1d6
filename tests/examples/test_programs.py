"""The examples that are commands and programs."""

import asyncio
import shutil
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest
import yaml

from tests.docs.shell import running_shell
from tests.docs.test_examples import examples_of, is_as_written, report
from tests.examples.conftest import EXAMPLES
from tests.support.bridge import REPOSITORY, RunningBridge, StartBridge
from tests.support.daemon import ScriptedDaemon, framed
from tests.support.deadline import within_deadline
from tests.web.cable import Cable

README = EXAMPLES / "README.md"


async def started(*command: str | Path) -> Process:
    return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE)


async def test_every_command_runs_and_answers_as_written(
    start_bridge: StartBridge, tmp_path: Path
) -> None:
    config = yaml.safe_load((REPOSITORY / "config.yaml").read_text())
    del config["listen"]
    bridge = start_bridge(config)
    shutil.copytree(EXAMPLES, tmp_path, dirs_exist_ok=True)
    async with running_shell(tmp_path) as shell:
        for example in examples_of(README, bridge):
            outcome = await shell.run(example.command)
            assert is_as_written(example, outcome), report(README, example, outcome)


async def test_the_chat_in_python_says_what_is_typed_and_shows_what_is_said(
    bridge: RunningBridge,
) -> None:
    script = EXAMPLES / "chat.py"
    chat = await started(sys.executable, "-u", script, bridge.url, "demo", "ada & bob")
    assert chat.stdin is not None
    assert chat.stdout is not None
    async with within_deadline("what was typed"):
        chat.stdin.write(b"a < b\n")
        assert await chat.stdout.readline() == b"ada & bob: a < b\n"
        chat.stdin.close()
        assert await chat.wait() == 0


async def test_the_chat_in_python_tells_why_there_is_no_session(bridge: RunningBridge) -> None:
    script = EXAMPLES / "chat.py"
    chat = await started(sys.executable, script, bridge.url, "nobody", "ada")
    async with within_deadline("the reason"):
        _, told = await chat.communicate()
    assert told.startswith(b"unknown-daemon: ")
    assert chat.returncode == 1


@pytest.mark.parametrize(
    "command", [(sys.executable, "chat.py"), ("bash", "watch.sh"), ("bash", "watch.sh", "one")]
)
async def test_a_program_without_its_arguments_tells_them(command: tuple[str, ...]) -> None:
    interpreter, script, *arguments = command
    program = await started(interpreter, EXAMPLES / script, *arguments)
    async with within_deadline("the usage"):
        out, told = await program.communicate()
    assert out == b""
    assert told.startswith(b"usage: ")
    assert told.count(b"\n") == 1
    assert program.returncode != 0


@pytest.fixture
def watched(start_bridge: StartBridge, daemon_socket_address: str) -> RunningBridge:
    return start_bridge({"daemons": {"text": {"address": daemon_socket_address}}})


async def test_the_watcher_leaves_nothing_out_though_the_network_breaks(
    watched: RunningBridge, daemon: ScriptedDaemon
) -> None:
    async with Cable(watched.url) as cable:
        watcher = await started("bash", EXAMPLES / "watch.sh", cable.url.rstrip("/"), "text")
        assert watcher.stdout is not None
        connection = await daemon.accepted()
        async with within_deadline("all messages"):
            for start in range(0, 300, 100):
                messages = [b"%d" % number for number in range(start, start + 100)]
                connection.write(framed(messages))
                for message in messages:
                    assert await watcher.stdout.readline() == message + b"\n"
                cable.cut()
            connection.close()
            rest, told = await watcher.communicate()
    assert rest == b""
    assert told == b"the session has ended: daemon-closed\n"

"""What the unit forbids, the bridge does not do: by the system calls of one that serves."""

import asyncio
import os
import re
import subprocess
from typing import Final

import aiohttp
import pytest

from tests.support.bridge import StartBridge
from tests.systemd.unit import settings

SETTINGS: Final = settings()
CALL: Final = re.compile(r"^\d+ +(?:<\.\.\. )?(\w+)(?:\(| resumed>)", re.MULTILINE)
SCHEMA: Final = (
    "<element name='ping' xmlns='http://relaxng.org/ns/structure/1.0'><empty/></element>"
)


@pytest.fixture(scope="module")
def calls(start_bridge: StartBridge, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Those of a bridge from its start to its end, with a session and a lookup between."""
    folder = tmp_path_factory.mktemp("calls")
    (folder / "ping.rng").write_text(SCHEMA)
    demo = {"embedded": "chat", "schema": str(folder / "ping.rng")}
    bridge = start_bridge(
        {
            "daemons": {
                "demo": demo,
                "game": {"address": "localhost:1", "allow_privileged_port": True},
            }
        },
        prefix=["strace", "-D", "-f", "-qqq", "-o", str(folder / "calls")],
    )
    asyncio.run(use(bridge.url))
    assert bridge.stop() == 0
    return (folder / "calls").read_text()


async def use(url: str) -> None:
    """A message that a schema looks at, and a daemon whose name is looked up."""
    async with aiohttp.ClientSession() as http:
        async with http.post(
            f"{url}v1/daemons/demo/exchange?replies=2", data=b"<ping/>\0"
        ) as answer:
            assert (await answer.read()).endswith(b"<pong/>\0")
        async with http.post(f"{url}v1/daemons/game/sessions") as answer:
            assert answer.status == 502


def test_it_makes_the_system_calls_that_are_allowed_and_no_others(calls: str) -> None:
    made = {*CALL.findall(calls)}
    assert "connect" in made
    assert made - allowed(SETTINGS["SystemCallFilter"]) == set()


def test_it_makes_the_sockets_that_are_allowed_and_no_others(calls: str) -> None:
    families = {*re.findall(r"socket\((AF_\w+)", calls)}
    assert families
    assert families <= {*SETTINGS["RestrictAddressFamilies"].split()}


def test_no_memory_is_for_writing_and_running(calls: str) -> None:
    """As seccomp(2) holds it for `MemoryDenyWriteExecute`."""
    assert SETTINGS["MemoryDenyWriteExecute"] == "yes"
    assert re.findall(r"mmap\(.*PROT_WRITE\|PROT_EXEC.*", calls) == []
    assert re.findall(r"mprotect\(.*PROT_EXEC.*", calls) == []


def test_no_file_is_written(calls: str) -> None:
    """So that `ProtectSystem` stands in nobody's way."""
    assert SETTINGS["ProtectSystem"] == "strict"
    opened = re.findall(r'open(?:at)?\((?:AT_FDCWD, )?"([^"]+)", \S*(?:O_WRONLY|O_RDWR)', calls)
    assert {*opened} <= {os.devnull}


def allowed(group: str) -> set[str]:
    """The system calls of a group, and of the groups in it."""
    told = subprocess.run(
        ["systemd-analyze", "syscall-filter", group],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    ).stdout.split("\n")[1:]
    names = {line.strip() for line in told if not line.strip().startswith("#")} - {""}
    groups = {name for name in names if name.startswith("@")}
    return (names - groups).union(*map(allowed, groups))

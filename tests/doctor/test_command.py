"""`xmlsocket-bridge doctor` says what is in the way."""

import asyncio
import sys
from asyncio.subprocess import PIPE

import pytest

from bridge.doctor.finding import TITLES
from tests.doctor.ways import QUIET_S, WAYS, Way
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.deadline import within_deadline

IN_ORDER = {
    "terms": "The bridge answers: version",
    "http": "Requests and answers pass",
    "websocket": "WebSockets pass",
    "stream": "Answers arrive while they are still being written",
    "quiet": "A quiet connection was still alive",
}


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge) -> RunningBridge:
    return start_bridge({"daemons": {"demo": {"embedded": "chat"}}})


async def report(url: str) -> tuple[dict[str, str], int]:
    """The lines by what they are about, and the exit code. Of two about one thing the first."""
    names = {title: name for name, title in TITLES.items()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bridge", "doctor", url, "--quiet", str(QUIET_S)), stdout=PIPE
    )
    async with within_deadline("the report"):
        told, _ = await process.communicate()
    lines = [line.split(":", 1) for line in reversed(told.decode().splitlines()[1:])]
    assert process.returncode is not None
    return {names[title]: text.strip() for title, text in lines}, process.returncode


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
async def test_each_obstacle_is_told(way: Way, bridge: RunningBridge) -> None:
    async with way.open(bridge.url) as url:
        lines, code = await report(url)
    assert code == 0
    assert way.client in lines.pop("client")
    for examination, words in {**IN_ORDER, **way.says}.items():
        assert words in lines[examination]


async def test_a_bridge_that_cannot_be_reached_is_told(dead_port: int) -> None:
    lines, code = await report(f"http://127.0.0.1:{dead_port}/")
    assert code == 1
    assert lines.keys() == {"terms", "client"}
    assert f"cannot be reached: 127.0.0.1:{dead_port}: Connection refused. " in lines["terms"]
    assert "cannot work here" in lines["client"]

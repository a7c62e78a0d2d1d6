"""Imports point downward only: reads every import in bridge/ and holds the layers to one table."""

import ast
import sys
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = ROOT / "bridge"


@dataclass(frozen=True, slots=True)
class Layer:
    """What the modules of one layer may import besides their own layer and the standard library.

    `project` names layers, `outside` packages or modules from outside, `never` modules of the
    standard library that are forbidden, what lies below them included.
    """

    project: AbstractSet[str] = frozenset()
    outside: AbstractSet[str] = frozenset()
    never: AbstractSet[str] = frozenset()


BELOW_HTTP: Final = {"errors", "config", "host", "loop", "protocol", "access", "auth", "tunnel"}
# What would make protocol code do I/O, look at a clock or depend on a runtime.
IO: Final = {"asyncio", "http", "logging", "selectors", "socket", "ssl", "threading", "time"}
WEB_SERVERS: Final = {"http", "socketserver", "wsgiref"}

# The layers, lowest first. A layer is the first name below bridge; each transport is its own.
LAYERS: Final[dict[str, Layer]] = {
    "": Layer(),  # bridge/__init__.py
    "errors": Layer(),
    "logs": Layer(),
    "config": Layer(outside={"pydantic", "pydantic_core", "yaml"}),
    "host": Layer(project={"config"}, never=WEB_SERVERS),
    "loop": Layer(never=WEB_SERVERS),
    "protocol": Layer(project={"errors"}, outside={"lxml", "websockets.speedups"}, never=IO),
    "access": Layer(project={"errors", "config", "host"}, outside={"lxml"}, never=WEB_SERVERS),
    "auth": Layer(project={"errors", "config"}, outside={"cryptography", "jwt"}, never=WEB_SERVERS),
    "tunnel": Layer(project={"errors", "config", "host", "loop", "protocol"}, never=WEB_SERVERS),
    "doctor": Layer(outside={"aiohttp"}),
    "client": Layer(project={"protocol", "doctor"}, outside={"aiohttp"}, never=WEB_SERVERS),
    "http": Layer(project=BELOW_HTTP | {""}, outside={"aiohttp"}),
    "transports": Layer(project=BELOW_HTTP | {"http"}, outside={"aiohttp"}),
    "routes": Layer(project=BELOW_HTTP | {"http", "transports"}, outside={"aiohttp"}),
    "demo": Layer(outside={"lxml"}),
    "daemons": Layer(project={"config", "host", "protocol", "tunnel"}),
    "app": Layer(
        project=BELOW_HTTP | {"daemons", "http", "routes", "demo"},
        outside={"aiohttp", "uvloop"},
    ),
    "explain": Layer(project={"config", "access", "tunnel", "demo"}),
    "cli": Layer(
        project={
            "",
            "errors",
            "logs",
            "config",
            "host",
            "access",
            "auth",
            "daemons",
            "app",
            "doctor",
        }
        | {"explain"},
        outside={"uvloop"},
    ),
    "__main__": Layer(project={"cli"}),
}


@dataclass(frozen=True, slots=True)
class Import:
    line: int
    module: str  # absolute: "bridge.protocol.framing", "asyncio"


def imports_of(source: str, module: str, *, is_package: bool = False) -> Iterator[Import]:
    """Every import in `source`, relative ones made absolute; those for type checkers count too.

    `from a import b` counts as `a.b`, since b may be a module.
    """
    parents = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (Import(node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = parents[: len(parents) - node.level + 1] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            yield from (Import(node.lineno, f"{origin}.{name.name}") for name in node.names)


def layer_of(module: str) -> str:
    """The key of `LAYERS` for a module of bridge: "bridge.tunnel.session" is in "tunnel".

    `from bridge import __version__` names no module, so what is no layer belongs to bridge itself.
    """
    layer = [*module.split("."), ""][1]
    return layer if layer in LAYERS else ""


def is_allowed(importer: str, imported: str) -> bool:
    own, allowed = layer_of(importer), LAYERS[layer_of(importer)]
    top = imported.split(".", maxsplit=1)[0]
    if top == "bridge":
        other = layer_of(imported)
        if own == other == "transports":
            return is_same_transport(importer, imported)
        return other == own or other in allowed.project
    if top in sys.stdlib_module_names:
        return top not in allowed.never
    return any(f"{imported}.".startswith(f"{name}.") for name in allowed.outside)


def is_same_transport(importer: str, imported: str) -> bool:
    """Whether both are in bridge/transports/X.py, or below the same folder bridge/transports/X/."""
    return importer.split(".")[2:3] == imported.split(".")[2:3]


def violations(source: str, module: str, *, is_package: bool = False) -> list[str]:
    """One line for each import that the table does not allow."""
    file = module.replace(".", "/") + ("/__init__.py" if is_package else ".py")
    return [
        f"{file}:{found.line}: {layer_of(module) or 'bridge'} may not import {found.module}"
        for found in imports_of(source, module, is_package=is_package)
        if not is_allowed(module, found.module)
    ]


def module_name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES: Final = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_module_imports_only_what_lies_below_it(file: Path) -> None:
    is_package = file.name == "__init__.py"
    found = violations(file.read_text(), module_name(file), is_package=is_package)
    assert not found, "\n".join(found)


def test_every_module_belongs_to_a_layer_of_the_table() -> None:
    names = {module_name(file).removeprefix("bridge").lstrip(".").split(".")[0] for file in FILES}
    assert names <= LAYERS.keys()


def test_the_table_has_no_circle() -> None:
    seen: set[str] = {""}
    for name, layer in LAYERS.items():
        assert layer.project <= seen, f"{name} imports a layer that is not below it"
        seen.add(name)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("bridge.errors", "import bridge.config"),
        ("bridge.config", "from bridge.errors import Problem"),
        ("bridge.protocol.framing", "import asyncio"),
        ("bridge.protocol.framing", "from time import monotonic"),
        ("bridge.protocol.framing", "from logging.handlers import QueueHandler"),
        ("bridge.protocol.framing", "def late() -> None:\n    import socket"),
        ("bridge.protocol.framing", "from bridge import config"),
        ("bridge.protocol.framing", "from ..tunnel import session"),
        ("bridge.protocol.framing", "from .. import config"),
        ("bridge.protocol.framing", "import yaml"),
        ("bridge.access.origins", "from aiohttp import web"),
        ("bridge.access.origins", "import http.server"),
        ("bridge.tunnel.session", "if TYPE_CHECKING:\n    from bridge.http import problems"),
        ("bridge.tunnel.session", "from bridge.access.origins import Origins"),
        ("bridge.tunnel.session", "import aiohttp.web"),
        ("bridge.http.bodies", "from bridge.transports.raw import Raw"),
        ("bridge.transports.raw", "from bridge.transports.websocket import WebSocket"),
        ("bridge.transports.raw", "from . import websocket"),
        ("bridge.transports.raw", "from bridge.app import App"),
        ("bridge.demo.chat", "from bridge.protocol.framing import Framer"),
        ("bridge.cli", "from bridge.tunnel.session import Session"),
        ("bridge.__main__", "import bridge.app"),
    ],
)
def test_an_import_upward_is_found(module: str, source: str) -> None:
    assert len(violations(source, module)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("bridge.protocol.framing", "import re\nfrom lxml import etree\nfrom . import checks"),
        ("bridge.tunnel.session", "import asyncio\nfrom bridge.protocol.framing import Framer"),
        ("bridge.transports.raw", "from aiohttp import web\nfrom bridge.http import problems"),
        ("bridge.transports.rtmpt.chunks", "from bridge.transports.rtmpt import tables"),
        ("bridge.cli", "from bridge import __version__\nfrom bridge.app import App"),
    ],
)
def test_an_import_downward_is_let_through(module: str, source: str) -> None:
    assert violations(source, module) == []


def test_a_violation_names_file_line_and_import() -> None:
    source = '"""A package."""\n\nfrom ..config import Config\n'
    assert violations(source, "bridge.protocol", is_package=True) == [
        "bridge/protocol/__init__.py:3: protocol may not import bridge.config.Config"
    ]

"""The examples' pages behind nginx, by the line that their README gives."""

import re
import shutil
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.examples.conftest import EXAMPLES
from tests.support.bridge import StartBridge
from tests.support.nginx import RunningNginx, edited


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One with a short name: the path of a unix socket ends at 107 bytes."""
    return tmp_path_factory.mktemp("n")


def test_nginx_serves_the_pages_beside_the_bridge(start_bridge: StartBridge, folder: Path) -> None:
    start_bridge({"listen": f"unix:{folder}/b", "daemons": {"demo": {"embedded": "chat"}}})
    shutil.copytree(EXAMPLES, folder / "examples")
    with RunningNginx(folder / "nginx", folder / "b") as nginx:
        nginx.break_off()
        add_line(folder / "nginx" / "xmlsocket-bridge" / "site.conf", f"root {folder};")
        nginx.start()
        url = f"http://127.0.0.1:{nginx.plain_port}"
        assert got(f"{url}/examples/chat.html") == (EXAMPLES / "chat.html").read_bytes()
        assert b"XMLSocket" in got(f"{url}/xmlsocket.js")


def add_line(site: Path, root: str) -> None:
    """What the README shows, in the first server."""
    [line] = re.findall(
        r"^```nginx\n(.*)\n```$", (EXAMPLES / "README.md").read_text(), re.MULTILINE
    )
    line = edited(line, {"root /srv;": root})
    text = site.read_text()
    site.write_text(text.replace("    location / {", f"    {line}\n    location / {{", 1))


def got(url: str) -> bytes:
    with urlopen(url, timeout=10) as answer:
        body: bytes = answer.read()
        return body

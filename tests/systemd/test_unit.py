"""The unit fits systemd, the command line, the defaults, and what README.md has installed."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from bridge.cli import exits
from bridge.cli.options import configuration, parser
from bridge.config import Config, UnixPath
from bridge.config.address import parse_listen
from bridge.host.descriptors import sessions_within
from tests.support.bridge import REPOSITORY
from tests.systemd.unit import FILE, settings

README: Final = (REPOSITORY / "README.md").read_text()
SETTINGS: Final = settings()
PROGRAM, *ARGUMENTS = shlex.split(SETTINGS["ExecStart"])


def test_systemd_finds_nothing_wrong_with_it(tmp_path: Path) -> None:
    assert shutil.which("systemd-analyze"), "tests/install installs it"
    here = Path(sys.executable).with_name("xmlsocket-bridge")
    unit = tmp_path / FILE.name
    unit.write_text(FILE.read_text().replace(PROGRAM, str(here)))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_it_starts_the_command_line_that_there_is() -> None:
    options = parser().parse_args(ARGUMENTS)
    assert options.command == "serve"
    assert configuration(options).is_absolute()


def test_it_starts_what_the_readme_installs() -> None:
    """By the same folder, configuration and user, each of which the readme makes first."""
    configured = configuration(parser().parse_args(ARGUMENTS))
    assert f"python3 -m venv {PROGRAM.removesuffix('/bin/xmlsocket-bridge')}\n" in README
    assert f"useradd --system {SETTINGS['User']}\n" in README
    assert re.search(rf"install -D -o {SETTINGS['User']} -m 600 \S+ {configured}\n", README)


def test_it_makes_the_folder_in_which_nginx_looks_for_the_socket() -> None:
    upstream = (REPOSITORY / "nginx" / "upstream.conf").read_text()
    [socket] = re.findall(r"^ +server (unix:\S+);", upstream, re.MULTILINE)
    listen = parse_listen(socket)
    assert isinstance(listen, UnixPath)
    assert str(Path(listen.path).parent) == f"/run/{SETTINGS['RuntimeDirectory']}"


def test_it_waits_until_the_bridge_has_stopped_by_itself() -> None:
    fields = Config.model_fields
    longest_s = fields["drain_s"].default + fields["shutdown_s"].default
    assert int(SETTINGS["TimeoutStopSec"]) > longest_s


def test_there_are_descriptors_for_all_sessions() -> None:
    sessions = sessions_within(int(SETTINGS["LimitNOFILE"]))
    assert sessions >= Config.model_fields["max_sessions"].default


def test_a_wrong_configuration_is_not_tried_again() -> None:
    assert SETTINGS["Restart"] == "on-failure"
    assert SETTINGS["RestartPreventExitStatus"] == str(exits.USAGE)

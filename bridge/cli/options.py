"""The commands and their options."""

import argparse
from pathlib import Path
from typing import Final

from bridge import __version__
from bridge.doctor.examination import MAX_QUIET_S
from bridge.doctor.url import checked_url
from bridge.explain import NO_ORIGIN

CONFIG: Final = Path("config.yaml")
QUIET_S: Final = 70.0
"""Most proxies that cut quiet connections do so after 30 or 60 seconds."""


def parser() -> argparse.ArgumentParser:
    """All of them. Parsing leaves by `SystemExit(2)` where something is wrong."""
    root = argparse.ArgumentParser(
        prog="xmlsocket-bridge",
        description="Carry Flash XMLSocket connections over HTTP and WebSocket.",
    )
    root.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _serve(commands.add_parser("serve", help="run the bridge in the foreground"))
    _check(commands.add_parser("check", help="check the configuration and tell what it says"))
    _explain(commands.add_parser("explain", help="tell whether a page may reach a daemon, and why"))
    _doctor(
        commands.add_parser("doctor", help="find out what stands between this machine and a bridge")
    )
    return root


def configuration(options: argparse.Namespace) -> Path:
    """The file that is meant, however it was named."""
    file: Path = getattr(options, "file", None) or options.config
    return file


def _serve(command: argparse.ArgumentParser) -> None:
    _file_or_config(command)
    command.add_argument(
        "--log-format",
        choices=("text", "json"),
        default="text",
        help="how log lines are written to standard error (default: %(default)s)",
    )


def _check(command: argparse.ArgumentParser) -> None:
    _file_or_config(command)


def _explain(command: argparse.ArgumentParser) -> None:
    command.add_argument("origin", metavar="ORIGIN", help=f"of the page; {NO_ORIGIN} for no page's")
    command.add_argument("daemon", metavar="DAEMON", help="its name or an alias")
    command.add_argument("--host", help="the name by which the page knows the bridge")
    _config(command)


def _doctor(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "url", type=_url, metavar="URL", help="of the bridge, such as https://example.com/"
    )
    command.add_argument(
        "--quiet",
        type=_quiet_s,
        default=QUIET_S,
        metavar="SECONDS",
        help="how long to see whether a quiet connection lives, "
        f"at most {MAX_QUIET_S:g}, 0 for not at all (default: %(default)g)",
    )


def _file_or_config(command: argparse.ArgumentParser) -> None:
    either = command.add_mutually_exclusive_group()
    either.add_argument("file", type=Path, nargs="?", metavar="FILE", help="the same as --config")
    _config(either)


def _config(command: "argparse.ArgumentParser | argparse._MutuallyExclusiveGroup") -> None:
    command.add_argument(
        "--config",
        type=Path,
        default=CONFIG,
        metavar="FILE",
        help="the configuration (default: %(default)s)",
    )


def _url(text: str) -> str:
    try:
        return checked_url(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _quiet_s(text: str) -> float:
    form = f"{text!a} is out of range; write seconds from 0 to {MAX_QUIET_S:g}"
    try:
        seconds = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(form) from error
    if not 0 <= seconds <= MAX_QUIET_S:
        raise argparse.ArgumentTypeError(form)
    return seconds

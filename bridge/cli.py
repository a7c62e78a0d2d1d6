"""The command line: `xmlsocket-bridge serve`, `check`, `explain` and `doctor`.

Exit codes: 0 for success, 1 when serving fails or is broken off, the page explained is refused or
no client could work, 2 for a wrong command line or configuration.
"""

import argparse
import asyncio
import errno
import gc
import logging
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bridge import __version__
from bridge.access.authentication import locks_of
from bridge.access.policy_file import check_policy_files
from bridge.app import Bridge
from bridge.config import Config, ConfigError, UnixPath, load
from bridge.doctor.examination import examination
from bridge.doctor.finding import Finding, conclusion
from bridge.explain import NO_ORIGIN, NothingToExplain, explain
from bridge.guards import check_schemas
from bridge.host.accidents import Accidents
from bridge.host.descriptors import raise_limit
from bridge.host.tls import check_tls_files
from bridge.logs import set_up_logging

logger = logging.getLogger("bridge")

EXIT_FAILED = 1
EXIT_USAGE = 2
QUIET_S = 70.0
"""Most proxies that cut quiet connections do so after 30 or 60 seconds."""


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    root = argparse.ArgumentParser(
        prog="xmlsocket-bridge",
        description="Carry Flash XMLSocket connections over HTTP and WebSocket.",
    )
    root.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="run the bridge in the foreground")
    check = commands.add_parser("check", help="check the configuration and tell what it says")
    told = commands.add_parser("explain", help="tell whether a page may reach a daemon, and why")
    told.add_argument("origin", metavar="ORIGIN", help=f"of the page; {NO_ORIGIN} for no page's")
    told.add_argument("daemon", metavar="DAEMON", help="its name or an alias")
    told.add_argument("--host", help="the name by which the page knows the bridge")
    examine = commands.add_parser(
        "doctor", help="find out what stands between this machine and a bridge"
    )
    examine.add_argument("url", metavar="URL", help="of the bridge, such as https://example.com/")
    examine.add_argument(
        "--quiet",
        type=float,
        default=QUIET_S,
        metavar="SECONDS",
        help="how long to see whether a quiet connection lives (default: %(default)g)",
    )
    for command in (serve, check, told):
        command.add_argument(
            "--config",
            type=Path,
            default=Path("config.yaml"),
            metavar="FILE",
            help="the configuration (default: %(default)s)",
        )
    serve.add_argument(
        "--log-format",
        choices=("text", "json"),
        default="text",
        help="how log lines are written to standard error (default: %(default)s)",
    )
    return root


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit code. Argument errors leave by `SystemExit(2)`."""
    options = parser().parse_args(arguments)
    if options.command == "doctor":
        return asyncio.run(run_doctor(options))
    try:
        config = load(options.config)
        check_policy_files(config)
        locks_of(config)  # which tells keys that cannot be used
        check_tls_files(config)
        check_schemas(config)
        return COMMANDS[options.command](options, config)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return EXIT_USAGE


def run_check(options: argparse.Namespace, config: Config) -> int:
    """Tell what the configuration says."""
    print(summary(options.config, config))
    return 0


def run_explain(options: argparse.Namespace, config: Config) -> int:
    """Tell the decision and the rule that made it."""
    try:
        told = asyncio.run(explain(config, options.origin, options.daemon, options.host))
    except NothingToExplain as error:
        print(error, file=sys.stderr)
        return EXIT_USAGE
    print(f"{'allowed' if told.decision.allowed else 'refused'}: {told.decision.rule}")
    for fault in told.faults:
        print(f"overlooked: {fault}")
    return 0 if told.decision.allowed else EXIT_FAILED


async def run_doctor(options: argparse.Namespace) -> int:
    """Tell each finding as it is made; together they can be given to whoever is asked for help."""
    now = datetime.now(UTC)
    print(f"xmlsocket-bridge {__version__} doctor: {options.url}, {now:%Y-%m-%d %H:%M} UTC")
    findings: list[Finding] = []
    async with examination(options.url) as examined:
        async for finding in examined.run(options.quiet):
            findings.append(finding)
            print(line_of(finding), flush=True)
    last = conclusion(findings)
    print(line_of(last))
    return 0 if last.outcome != "nothing" else EXIT_FAILED


def line_of(finding: Finding) -> str:
    """One line of the report."""
    return f"{finding.examination + ':':11}{finding.in_words}"


def run_serve(options: argparse.Namespace, config: Config) -> int:
    """Serve in the foreground."""
    set_up_logging(options.log_format)
    raise_limit()
    try:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(serve(config))
    except OSError as error:
        logger.error("cannot serve on %s: %s", error.filename or config.listen, reason(error))
        return EXIT_FAILED
    return 0


COMMANDS: Final = {"serve": run_serve, "check": run_check, "explain": run_explain}


async def serve(config: Config) -> None:
    """Serve until SIGINT or SIGTERM, then stop in good order."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(Accidents(loop).tell)
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_number, signalled, stop)
    bridge = Bridge(config)
    try:
        await bridge.start()
        gc.freeze()  # or each full collection would go through all modules, with everybody waiting
        await stop.wait()
        await bridge.drain()
        logger.info("stopping")
    finally:
        await bridge.stop()
    logger.info("stopped")


def signalled(stop: asyncio.Event) -> None:
    """The first signal asks to stop. A second one is from somebody who will not wait: the process
    ends on the spot, and what it still held is lost."""
    if stop.is_set():
        logger.warning("a second signal: ended at once, nothing more is flushed")
        os._exit(EXIT_FAILED)
    stop.set()


def reason(error: OSError) -> str:
    """Why it cannot be listened to, and what to do."""
    match error.errno:
        case errno.EADDRINUSE:
            return "the address is in use; stop the other program, or write another one"
        case errno.EACCES:
            return "not permitted; a port below 1024 takes root or CAP_NET_BIND_SERVICE"
        case errno.ENOENT:
            return "the folder of the socket does not exist; create it, or write another one"
        case None:
            return str(error)
        case number:
            return os.strerror(number)


def summary(path: Path, config: Config) -> str:
    """What a configuration says, in a few lines. No daemon is dialled."""
    below = "" if config.base_path == "/" else f", below {config.base_path}"
    lines = [f"{path} is valid: it listens on {config.listen}{below} for"]
    for name, daemon in config.daemons.items():
        where = f"embedded {daemon.embedded}" if daemon.embedded else str(daemon.address)
        parts = [f"  {name}: {where}, messages: {daemon.messages}"]
        parts += [f"also as {alias}" for alias in daemon.aliases]
        parts += [f"schema: {daemon.schema_file}"] if daemon.schema_file else []
        parts += [f"for pages of {origin}" for origin in daemon.origins]
        auth = config.auth if daemon.auth is None else daemon.auth
        parts += [f"auth: {auth}"] if auth.is_asked else []
        parts += [] if daemon.policy == "none" else [f"policy: {daemon.policy}"]
        lines.append(", ".join(parts))
    if config.hosts is not None:
        lines.append(f"  by the names {', '.join(config.hosts)}")
    elif isinstance(config.listen, UnixPath):
        lines.append("  by any name that the proxy passes on; hosts would bound them")
    return "\n".join(lines)


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """uvloop's event loop where there is one, asyncio's elsewhere."""
    try:
        import uvloop  # noqa: PLC0415 - it is not there on every platform
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop

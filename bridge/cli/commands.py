"""What each command does."""

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Final

from bridge.cli import exits
from bridge.cli.files import check_files
from bridge.cli.options import configuration, parser
from bridge.cli.report import run_doctor
from bridge.cli.serving import run_serve
from bridge.cli.summary import summary
from bridge.config import Config, ConfigError, load
from bridge.explain import NothingToExplain, explain


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit code. Argument errors leave by `SystemExit(2)`."""
    options = parser().parse_args(arguments)
    if options.command == "doctor":
        return asyncio.run(run_doctor(options.url, options.quiet))
    file = configuration(options)
    try:
        config = load(file)
        check_files(file, config)
        return COMMANDS[options.command](options, file, config)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return exits.USAGE


def _serve(options: argparse.Namespace, _file: Path, config: Config) -> int:
    return run_serve(config, options.log_format)


def _check(_options: argparse.Namespace, file: Path, config: Config) -> int:
    print(summary(file, config))
    return 0


def _explain(options: argparse.Namespace, _file: Path, config: Config) -> int:
    """Tell the decision and the rule that made it."""
    try:
        told = asyncio.run(explain(config, options.origin, options.daemon, options.host))
    except NothingToExplain as error:
        print(error, file=sys.stderr)
        return exits.USAGE
    print(f"{'allowed' if told.decision.allowed else 'refused'}: {told.decision.rule}")
    for fault in told.faults:
        print(f"overlooked: {fault}")
    return 0 if told.decision.allowed else exits.FAILED


COMMANDS: Final = {"serve": _serve, "check": _check, "explain": _explain}

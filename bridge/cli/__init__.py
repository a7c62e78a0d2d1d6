"""The command line: `xmlsocket-bridge serve`, `check`, `explain` and `doctor`.

options     the commands, and what is written behind them
exits       the exit codes
commands    one after the other: what each of them does
files       what the configuration names, read before anything starts
summary     what a configuration says
serving     the bridge in the foreground, until a signal
unserved    why it cannot be listened to, and what to do
report      what the doctor finds, line by line
"""

from bridge.cli.commands import main
from bridge.cli.serving import loop_factory

__all__ = ["loop_factory", "main"]

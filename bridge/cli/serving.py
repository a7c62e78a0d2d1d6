"""The bridge in the foreground."""

import asyncio
import gc
import logging
import os
import signal
from collections.abc import Callable

from bridge.app import Bridge
from bridge.cli import exits
from bridge.cli.unserved import unserved
from bridge.config import Config
from bridge.host.descriptors import raise_limit
from bridge.host.uncaught import UncaughtExceptions
from bridge.logs import LogFormat, set_up_logging

logger = logging.getLogger("bridge")


def run_serve(config: Config, log_format: LogFormat) -> int:
    """Serve until a signal; returns the exit code."""
    set_up_logging(log_format)
    raise_limit()
    try:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(serve(config))
    except OSError as error:
        logger.error("%s", unserved(error, config))
        return exits.FAILED
    return 0


async def serve(config: Config) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP, then stop in good order."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(UncaughtExceptions(loop).tell)
    heed_signals(loop, stop)
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


def heed_signals(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """From now on signals ask to stop."""
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, signalled, stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup leaves it
        loop.add_signal_handler(signal.SIGHUP, hung_up, stop)


def signalled(stop: asyncio.Event) -> None:
    """The first signal asks to stop. A second one is from somebody who will not wait: the process
    ends on the spot, and what it still held is lost."""
    if stop.is_set():
        logger.warning("a second signal: ended at once, nothing more is flushed")
        os._exit(exits.FAILED)
    stop.set()


def hung_up(stop: asyncio.Event) -> None:
    """The terminal has gone, or somebody hopes that the configuration is read again. Shell and
    kernel may both tell of a terminal, so one more means nothing."""
    if not stop.is_set():
        logger.info("SIGHUP stops the bridge; a changed configuration counts from its next start")
    stop.set()


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """uvloop's event loop where there is one, asyncio's elsewhere."""
    try:
        import uvloop  # noqa: PLC0415 - it is not there on every platform
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop

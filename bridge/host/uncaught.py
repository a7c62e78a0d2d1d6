"""What the event loop reports: exceptions that nobody has caught, each a mistake of ours."""

import asyncio
import logging
from collections.abc import Mapping

from bridge.host.log_throttle import LogThrottle

logger = logging.getLogger("bridge")


class UncaughtExceptions:
    """The loop's exception handler: a line with its traceback for each kind, in bounded numbers."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._throttle = LogThrottle(loop.time)

    def tell(self, loop: asyncio.AbstractEventLoop, context: Mapping[str, object]) -> None:
        """Write a line, or count it for the next one."""
        error = context.get("exception")
        message = context.get("message", "an accident in the event loop")
        exception = error if isinstance(error, BaseException) else None
        more = self._throttle.more((type(error), place_of(exception)))
        if more is not None:
            story = {"what": message, **more}
            logger.error("unexpected error", exc_info=exception, extra={"fields": story})


def place_of(error: BaseException | None) -> tuple[str, int] | None:
    """File and line where it was raised."""
    trace = error.__traceback__ if error is not None else None
    if trace is None:
        return None
    while trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_frame.f_code.co_filename, trace.tb_lineno

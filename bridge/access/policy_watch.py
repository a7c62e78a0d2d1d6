"""Keeping up with a daemon's policy while the bridge runs."""

import asyncio
import logging
from typing import Final

from bridge.access.policy import Absent, Known, Standing, Unasked, Unknown
from bridge.access.policy_inquiry import Inquiry

logger = logging.getLogger("bridge.access")

RETRY_S: Final = 5.0
"""So long a daemon that could not be asked is left alone, however many pages want to know."""
MOST_FAULTS: Final = 5
"""Told of a policy; it may have hundreds, and is a stranger's."""


class Watch:
    """Asks when it starts, again whenever the answer is `max_age_s` old, and sooner where a page
    waits and nothing is known; one question at a time."""

    def __init__(
        self, daemon: str, inquiry: Inquiry, max_age_s: float, retry_s: float = RETRY_S
    ) -> None:
        self.standing: Standing = Unknown("it has not been asked yet")
        self._daemon = daemon
        self._inquiry = inquiry
        self._max_age_s = max_age_s
        self._retry_s = retry_s
        self._asked_at = 0.0
        self._answered = asyncio.Event()
        self._wanted = asyncio.Event()

    def __repr__(self) -> str:
        return f"<Watch {self._daemon} {type(self.standing).__name__}>"

    async def run(self) -> None:
        """Ask and ask again, until cancelled."""
        try:
            while True:
                self._answered.clear()
                self._learn(await self._inquiry.ask())
                self._answered.set()
                await self._pause()
        finally:
            self._answered.set()  # there will be no other answer

    async def settled(self) -> None:
        """Return when the question that is being asked is answered, if all depends on it; one is
        asked then, unless the last was less than `retry_s` ago."""
        if not isinstance(self.standing, Unknown):
            return
        age_s = asyncio.get_running_loop().time() - self._asked_at
        if self._answered.is_set() and age_s >= self._retry_s:
            self._answered.clear()
            self._wanted.set()
        await self._answered.wait()

    async def _pause(self) -> None:
        self._asked_at = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(self._max_age_s):
                await self._wanted.wait()
        except TimeoutError:
            pass  # it is old now
        self._wanted.clear()

    def _learn(self, standing: Standing) -> None:
        if standing != self.standing:
            story = {"daemon": self._daemon, **_story(standing)}
            level = logging.WARNING if isinstance(standing, Unknown) else logging.INFO
            logger.log(level, "policy of a daemon", extra={"fields": story})
        self.standing = standing


def _story(standing: Standing) -> dict[str, object]:
    match standing:
        case Known(policies):
            grants = sum(len(served.policy.grants) for served in standing.counting)
            faults = [fault for served in policies for fault in served.policy.faults]
            story: dict[str, object] = {
                "ports": ",".join(str(served.port) for served in policies),
                "site_control": standing.meta.value,
                "grants": grants,
            }
            return {**story, "faults": "; ".join(faults[:MOST_FAULTS])} if faults else story
        case Absent(reason):
            return {"absent": reason}
        case Unknown(reason):
            return {"unknown": reason}
        case Unasked():
            return {}

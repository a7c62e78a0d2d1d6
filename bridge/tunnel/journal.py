"""The one place from which sessions are observed: a log line for each event of their lives."""

import logging
from collections.abc import Mapping

logger = logging.getLogger("bridge.session")


class Journal:
    """Writes session events to the log, each with the fields that tell the session's story."""

    def record(self, event: str, story: Mapping[str, object]) -> None:
        """Something happened: `session opened`, `session attached` (by another transport),
        `message refused`, `session ended`."""
        logger.info("%s", event, extra={"fields": story})

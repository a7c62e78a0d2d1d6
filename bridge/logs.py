"""Log lines: readable text, or one JSON object each."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Final, Literal

LogFormat = Literal["text", "json"]

WORD: Final = re.compile('[^ "=]+')
"""What needs no quotes."""


def fields_of(record: logging.LogRecord) -> dict[str, object]:
    """What a record tells besides its message: `extra={"fields": {...}}`."""
    fields: dict[str, object] = getattr(record, "fields", {})
    return fields


def timestamp(record: logging.LogRecord) -> str:
    """When it was logged, in UTC, to the millisecond (RFC 3339)."""
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


class TextFormatter(logging.Formatter):
    """`2026-01-02T03:04:05.678+00:00 INFO session opened id=a-x daemon=chat`.

    Values with white space, quotes or control characters are written as JSON strings, so that a
    line is a line whatever is in them.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line, and below it the traceback of an exception."""
        parts = [timestamp(record), record.levelname, record.getMessage()]
        parts += [f"{name}={self._value(value)}" for name, value in fields_of(record).items()]
        if record.exc_info:
            parts.append("\n" + self.formatException(record.exc_info))
        return " ".join(parts)

    @staticmethod
    def _value(value: object) -> str:
        text = str(value)
        return text if text.isprintable() and WORD.fullmatch(text) else json.dumps(text)


class JsonFormatter(logging.Formatter):
    """One object a line: `time`, `level`, `message` and the fields."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; a traceback is the field `exception`."""
        line = {
            "time": timestamp(record),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **fields_of(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def set_up_logging(log_format: LogFormat) -> None:
    """Log to standard error, from level INFO up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if log_format == "json" else TextFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)

"""A record is one line, as text or as JSON, whatever stands in it."""

import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from bridge.logs import JsonFormatter, LogFormat, TextFormatter, set_up_logging

CREATED = 1767323045.6789
"""2026-01-02 03:04:05.678 UTC."""


def record_of(message: str, *arguments: object, **fields: object) -> logging.LogRecord:
    """A record, made at `CREATED`, with these fields."""
    record = logging.LogRecord("bridge", logging.INFO, "f.py", 1, message, arguments, None)
    record.created = CREATED
    if fields:
        record.fields = fields
    return record


def failed(message: str) -> logging.LogRecord:
    """A record with the traceback of an exception."""
    try:
        raise ValueError("no \n such value")
    except ValueError:
        exc_info = sys.exc_info()
    return logging.LogRecord("bridge", logging.ERROR, "f.py", 1, message, (), exc_info)


# -- text


def test_a_text_line_says_time_level_and_message() -> None:
    line = TextFormatter().format(record_of("listening on %s", "http://a/"))
    assert line == "2026-01-02T03:04:05.678+00:00 INFO listening on http://a/"


def test_a_text_line_ends_with_the_fields() -> None:
    line = TextFormatter().format(record_of("session opened", id="a-x", up=0))
    assert line.endswith(" INFO session opened id=a-x up=0")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain", "plain"),
        ("é/€,;:'", "é/€,;:'"),
        (None, "None"),
        (1.5, "1.5"),
        ("", '""'),
        ("two words", '"two words"'),
        ("a=b", '"a=b"'),
        ('"', '"\\""'),
        ("line\nbreak", '"line\\nbreak"'),
        ("\x1b[31m", '"\\u001b[31m"'),
        ("\u2028", '"\\u2028"'),
        ("\udcff", '"\\udcff"'),
    ],
)
def test_a_value_that_could_be_misread_is_quoted(value: object, written: str) -> None:
    assert TextFormatter().format(record_of("m", a=value)).endswith(f" INFO m a={written}")


def test_the_traceback_stands_below_a_text_line() -> None:
    first, *rest = TextFormatter().format(failed("it failed")).splitlines()
    assert first.rstrip().endswith(" ERROR it failed")
    assert rest[0] == "Traceback (most recent call last):"
    assert rest[-2:] == ["ValueError: no ", " such value"]


# -- JSON


def parsed(record: logging.LogRecord) -> dict[str, Any]:
    """The object that the line is."""
    line = JsonFormatter().format(record)
    assert "\n" not in line
    found = json.loads(line)
    assert isinstance(found, dict)
    return found


def test_a_json_line_says_time_level_message_and_the_fields() -> None:
    assert parsed(record_of("session %s", "opened", id="a-x", up=0, end=None)) == {
        "time": "2026-01-02T03:04:05.678+00:00",
        "level": "info",
        "message": "session opened",
        "id": "a-x",
        "up": 0,
        "end": None,
    }


@pytest.mark.parametrize("value", ["two\nlines", "\u2028", '"', "\udcff"])
def test_a_json_line_is_one_line_whatever_is_in_it(value: str) -> None:
    found = parsed(record_of(value.replace("%", "%%"), a=value))
    assert (found["message"], found["a"]) == (value, value)


def test_what_json_does_not_know_is_written_as_its_text() -> None:
    assert parsed(record_of("m", a=ValueError("why")))["a"] == "why"


def test_the_traceback_is_a_field_of_a_json_line() -> None:
    found = parsed(failed("it failed"))
    assert found["level"] == "error"
    assert found["exception"].endswith("ValueError: no \n such value")


# -- setting it up


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, which is left as it was found."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield root
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    ("log_format", "formatter"), [("text", TextFormatter), ("json", JsonFormatter)]
)
def test_all_goes_to_standard_error_in_the_format_asked_for(
    root: logging.Logger,
    capsys: pytest.CaptureFixture[str],
    log_format: LogFormat,
    formatter: type[logging.Formatter],
) -> None:
    set_up_logging(log_format)
    record = record_of("hello", a=1)
    logging.getLogger("bridge.session").handle(record)
    assert capsys.readouterr() == ("", formatter().format(record) + "\n")
    assert len(root.handlers) == 1


@pytest.mark.usefixtures("root")
def test_what_is_below_info_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("text")
    logging.getLogger("bridge").debug("hidden")
    logging.getLogger("bridge").info("shown")
    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith(" INFO shown")

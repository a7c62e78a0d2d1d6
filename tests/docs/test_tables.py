"""The tables of the documents say what the code says: no row is missing, wrong or too many."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import yaml

from bridge.config import Config, DaemonConfig, HostPort
from bridge.config.auth import Auth
from bridge.errors import DISPLACED, ENDS, HTTP_STATUS_OF_ENDED, STATUS
from bridge.protocol.frames import CloseStatus
from tests.support.bridge import REPOSITORY

PROTOCOL: Final = REPOSITORY / "docs" / "protocol.md"
POLICY: Final = REPOSITORY / "docs" / "policy.md"
LIMITS: Final = REPOSITORY / "docs" / "limits.md"
DAEMONS: Final = REPOSITORY / "docs" / "daemons.md"
DAEMONS_SIDE: Final = [
    *("tls", "proxy_protocol", "source", "encoding", "encoding_errors", "greeting", "never"),
]

Row = dict[str, str]


def rows_of(*header: str, document: Path = PROTOCOL) -> list[Row]:
    """The rows of the one table with these column titles, each with its cells by title."""
    lines = document.read_text().splitlines()
    starts = [index for index, line in enumerate(lines) if tuple(cells_of(line)) == header]
    assert len(starts) == 1, f"{len(starts)} tables with the columns {header}"
    return list(rows_below(lines[starts[0] + 2 :], header))


def rows_below(lines: list[str], header: tuple[str, ...]) -> Iterator[Row]:
    for line in lines:
        if not line.startswith("|"):
            return
        yield dict(zip(header, cells_of(line), strict=True))


def cells_of(line: str) -> list[str]:
    """The cells of a table's line, without the backquotes around code."""
    return [cell.strip().strip("`") for cell in line.strip("|").split("|")]


def test_problem_codes() -> None:
    rows = rows_of("code", "status", "what it means")
    assert Counter((row["code"], int(row["status"])) for row in rows) == Counter(STATUS.items())


def test_close_codes() -> None:
    columns = ("code", "cause", "tail", "HTTP status", "WebSocket close code")
    described = [tuple(row.values()) for row in rows_of(*columns)]
    known = [
        (
            code.value,
            ending.meaning,
            "kept" if ending.keeps_tail else "dropped",
            str(HTTP_STATUS_OF_ENDED),
            str(ending.websocket),
        )
        for code, ending in ENDS.items()
    ]
    assert Counter(described) == Counter(known)


def test_sockets_that_close_without_an_end_of_the_session() -> None:
    rows = rows_of("WebSocket close code", "xmlsocket.v1", "plain", "raw")
    sent = {*map(int, CloseStatus), DISPLACED}
    assert Counter(int(row["WebSocket close code"]) for row in rows) == Counter(sent)


def test_limits_and_defaults() -> None:
    rows = rows_of("key", "default", "what it bounds")
    described = [(row["key"], hashable(yaml.safe_load(row["default"]))) for row in rows]
    known = [
        (key, written(field.default))
        for key, field in Config.model_fields.items()
        if not field.is_required()
    ]
    assert Counter(described) == Counter(known)


def test_keys_about_pages() -> None:
    rows = rows_of("key of a daemon", "default", "what it means", document=POLICY)
    described = {row["key of a daemon"]: yaml.safe_load(row["default"]) for row in rows}
    about_pages = [key for key in DaemonConfig.model_fields if "origin" in key or "policy" in key]
    known = {key: DaemonConfig.model_fields[key].default for key in about_pages}
    assert described == {**known, "origins": list(known["origins"])}


def test_keys_of_the_daemons_side() -> None:
    rows = rows_of("key of a daemon", "default", "what it means", document=DAEMONS)
    for row in rows:
        written = {"address": "game:9339", row["key of a daemon"]: yaml.safe_load(row["default"])}
        assert DaemonConfig.model_validate(written) == DaemonConfig(address=HostPort("game", 9339))
    assert [row["key of a daemon"] for row in rows] == DAEMONS_SIDE


def test_limits_of_one_document() -> None:
    rows = rows_of("key", "default", "what it bounds", document=LIMITS)
    keys = Config.model_fields
    described = {row["key"]: int(row["default"]) for row in rows}
    bounding = [key for key in keys if key.startswith("xml_") or key == "max_message_bytes"]
    assert described == {key: keys[key].default for key in bounding}


def hashable(value: object) -> object:
    """A list as a tuple, which it is in the configuration, too."""
    return tuple(value) if isinstance(value, list) else value


def written(default: object) -> object:
    """A default as the configuration has it."""
    return str(default) if isinstance(default, HostPort | Auth) else default

"""docs/client.md says what the clients have: no option, event, member or code is missing."""

import re
from dataclasses import fields
from typing import Final

import yaml

from bridge.client import Options, XmlSocket
from tests.docs.test_tables import rows_of
from tests.support.bridge import REPOSITORY

CLIENT: Final = REPOSITORY / "docs" / "client.md"
WEB: Final = REPOSITORY / "bridge" / "web"
TYPES: Final = (WEB / "xmlsocket.d.ts").read_text()

CODES: Final = {
    "JavaScript": re.compile(r'(?:\bfailed\(|\bended\(|code \?\? |code = )"([a-z-]+)"'),
    "Python": re.compile(r'(?:Ended\(|code or |detail = |"code", )"([a-z-]+)"'),
}
"""How the sources write the codes that are theirs."""


def names_in(cell: str) -> list[str]:
    """What a cell lists, each between backquotes."""
    return [name.strip().strip("`") for name in cell.split(",") if name.strip()]


def type_body(name: str) -> str:
    """What stands between the braces of an object type, comments left out."""
    found = re.search(
        rf"^export type {name} = (?:Event & )?{{\n(.*?)^}};$", TYPES, re.MULTILINE | re.DOTALL
    )
    assert found, name
    return re.sub(r"/\*\*.*?\*/", "", found[1], flags=re.DOTALL)


def members_of(name: str) -> dict[str, str]:
    """The members of an object type, each with its type."""
    return dict(re.findall(r"^ {4}(\w+)\??: (.*);$", type_body(name), re.MULTILINE))


def fields_of(event_type: str) -> list[str]:
    return [] if event_type == "Event" else list(members_of(event_type))


def time_of(name: str) -> int:
    """One of the times of the JavaScript client."""
    found = re.search(
        rf"^export const {name} = (\w+);$", (WEB / "client/times.js").read_text(), re.MULTILINE
    )
    assert found, name
    return int(found[1])


def test_options_of_the_class() -> None:
    rows = rows_of("option", "left out", "what it means", document=CLIENT)
    assert [row["option"] for row in rows] == list(members_of("Options"))
    numbers = {row["option"]: row["left out"] for row in rows if row["left out"].isdigit()}
    times = {"openTimeoutMs": "WEBSOCKET_LIMIT_MS", "returnAfterMs": "STAY_MS"}
    assert numbers == {option: str(time_of(name)) for option, name in times.items()}


def test_events_and_what_they_have() -> None:
    rows = rows_of("event", "has", "when", document=CLIENT)
    described = {row["event"]: names_in(row["has"]) for row in rows}
    assert described == {name: fields_of(of) for name, of in members_of("Events").items()}


def test_members_of_the_class() -> None:
    rows = rows_of("member", "what it is", document=CLIENT)
    described = {name for row in rows for name in names_in(row["member"])}
    body = TYPES.partition("export declare class XMLSocket")[2]
    known = set(re.findall(r"^ {4}(?:get )?(\w+)[(:]", body, re.MULTILINE)) - {"constructor"}
    assert described == known


def test_options_of_python() -> None:
    rows = rows_of("field of Options", "default", "what it means", document=CLIENT)
    described = {row["field of Options"]: yaml.safe_load(row["default"]) for row in rows}
    options = Options()
    known = {field.name: getattr(options, field.name) for field in fields(Options)}
    known["on_refused"] = options.on_refused.__name__
    known["transports"] = list(options.transports)
    assert described == known


def test_members_of_python() -> None:
    rows = rows_of("member of XmlSocket", "what it is", document=CLIENT)
    described = [name for row in rows for name in names_in(row["member of XmlSocket"])]
    assert sorted(described) == sorted(name for name in vars(XmlSocket) if name[0] != "_")


def test_codes_of_the_clients_own() -> None:
    rows = rows_of("code of a client", "JavaScript", "Python", "what it means", document=CLIENT)
    sources = {
        "JavaScript": WEB.glob("client/*.js"),
        "Python": REPOSITORY.glob("bridge/client/*.py"),
    }
    for language, paths in sources.items():
        described = [row["code of a client"] for row in rows if row[language] == "yes"]
        written = [code for path in paths for code in CODES[language].findall(path.read_text())]
        assert sorted(described) == sorted(set(written)), language

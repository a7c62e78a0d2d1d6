"""Daemons are made of what the configuration says, and what is wrong with their files is told."""

from pathlib import Path

import pytest

from bridge.config import Config, ConfigError, DaemonConfig
from bridge.daemons import check_schemas, guard_for

START = "<start><element name='a'><empty/></element></start>"


def rng(folder: Path, text: str) -> Path:
    """A Relax NG file with this in it, from its second line on."""
    path = folder / "game.rng"
    path.write_text(f'<grammar xmlns="http://relaxng.org/ns/structure/1.0">\n{text}\n</grammar>\n')
    return path


def config(**schemas: Path | None) -> Config:
    """A configuration with these daemons."""
    daemons = {name: DaemonConfig(embedded="chat", schema=path) for name, path in schemas.items()}
    return Config(daemons=daemons)


def test_only_messages_that_fit_the_schema_pass_the_guard(tmp_path: Path) -> None:
    made = config(game=rng(tmp_path, START))
    guard = guard_for(made, "game", made.daemons["game"])
    (refused,) = guard.faults(b"<a/>\0<b/>\0\0")
    assert (refused.start, refused.fault.code) == (5, "not-well-formed")
    assert "game.rng: " in refused.fault.detail


def test_a_daemon_without_a_schema_takes_any_document() -> None:
    made = config(game=None)
    check_schemas(made)
    guard = guard_for(made, "game", made.daemons["game"])
    assert list(guard.faults(b"<a/>\0<b/>\0")) == []


def test_every_schema_that_cannot_be_used_is_told_with_its_daemon_and_line(tmp_path: Path) -> None:
    wrong = rng(tmp_path, "<start/>")
    absent = tmp_path / "absent.xsd"
    with pytest.raises(ConfigError) as caught:
        check_schemas(config(a=wrong, b=None, c=absent))
    assert list(caught.value.faults) == [
        f"daemons.a.schema: {wrong}:2: start has no children",
        f"daemons.c.schema: {absent}: No such file or directory; write the path of a schema",
    ]


def test_what_is_wrong_as_a_whole_is_told_without_a_line(tmp_path: Path) -> None:
    path = tmp_path / "game.xsd"
    path.write_text("<a/>")
    made = config(a=path)
    with pytest.raises(ConfigError, match=r"game\.xsd: .* is not a schema document\.$"):
        guard_for(made, "a", made.daemons["a"])


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("xml_max_depth", b"<a><b/></a>"),
        ("xml_max_nodes", b"<a><b/></a>"),
        ("xml_max_attributes", b"<a b='' c=''/>"),
        ("xml_max_name_length", b"<ab/>"),
        ("xml_max_text_length", b"<a>bc</a>"),
    ],
)
def test_each_limit_of_the_configuration_is_heeded(key: str, message: bytes) -> None:
    made = config(game=None)
    assert list(guard_for(made, "game", made.daemons["game"]).faults(message + b"\0")) == []
    strict = made.model_copy(update={key: 1})
    (refused,) = guard_for(strict, "game", strict.daemons["game"]).faults(message + b"\0")
    assert "more than 1 " in refused.fault.detail or "longer than 1 " in refused.fault.detail

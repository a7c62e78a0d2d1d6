"""Where a daemon's policy comes from: nowhere, the daemon itself, or a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field, PlainValidator, ValidationInfo

from bridge.config.folder import folder_of
from bridge.config.wording import described, shown

FORM: Final = "none, ask or file:PATH"
FILE: Final = "file:"


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """The policy stands in this file. One that is not absolute is sought beside the
    configuration."""

    path: Path

    def __str__(self) -> str:
        return f"{FILE}{self.path}"


def _policy(value: object, info: ValidationInfo) -> object:
    """Takes `file: PATH` as a mapping too, since that is what it looks like."""
    if isinstance(value, PolicyFile) or value in ("none", "ask"):
        return value
    if isinstance(value, Mapping) and value.keys() == {"file"}:
        value = f"{FILE}{value['file']}" if isinstance(value["file"], str) else value["file"]
    if not isinstance(value, str):
        raise ValueError(f"{described(value)}; write {FORM} (default none)")
    path = value.removeprefix(FILE).strip()
    if path == value.strip() or not path or "\0" in path:
        raise ValueError(f"{shown(value)} is not known; write {FORM} (default none)")
    return PolicyFile(folder_of(info) / path)


PolicySource: TypeAlias = Annotated[
    Literal["none", "ask"] | PolicyFile, PlainValidator(_policy), Field(description=FORM)
]

"""The schema that a daemon's messages must fit."""

from pathlib import Path
from typing import Annotated, Final, TypeAlias

from pydantic import Field, PlainValidator, ValidationInfo

from bridge.config.folder import folder_of
from bridge.config.wording import described, quoted

FORM: Final = "the path of a schema that ends in .rng or .xsd"
SUFFIXES: Final = {".rng", ".xsd"}
"""Relax NG and XML Schema."""


def _schema(value: object, info: ValidationInfo) -> Path | None:
    """One that is not absolute is sought beside the configuration."""
    if value is None or isinstance(value, Path):
        return value
    if not isinstance(value, str):
        raise ValueError(f"{described(value)}; write {FORM}")
    if Path(value).suffix not in SUFFIXES or "\0" in value:
        raise ValueError(f"{quoted(value)} is no schema; write {FORM}")
    messages = info.data.get("messages", "xml")
    if messages != "xml":
        raise ValueError(f"given beside messages: {messages}; only xml fits a schema")
    return folder_of(info) / value


SchemaFile: TypeAlias = Annotated[Path | None, PlainValidator(_schema), Field(description=FORM)]

"""From a file to a `Config`, or to all its faults."""

import os
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from bridge.config.document import DocumentError, read_document
from bridge.config.faults import ConfigError, faults_of
from bridge.config.model import Config
from bridge.config.wording import described

SMALLEST: Final = "daemons: {demo: {embedded: chat}}"


def load(path: str | os.PathLike[str]) -> Config:
    """Read and check the file. Raises `ConfigError` with a line for each fault, the file's name
    first: `FILE: daemons.chat.address: ...`, or `FILE:line:column: ...` if it is not YAML."""
    file = os.fspath(path)
    document = _read(file)
    if document is None:
        raise ConfigError(f"{file}: nothing is configured; write at least {SMALLEST}")
    if not isinstance(document, dict):
        raise ConfigError(f"{file}: {described(document)}; write lines of the form key: value")
    try:
        return Config.model_validate(document, context={"folder": Path(file).parent})
    except ValidationError as error:
        raise ConfigError(*(f"{file}: {fault}" for fault in faults_of(error))) from error


def _read(file: str) -> object:
    try:
        return read_document(Path(file).read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ConfigError(
            f"{file}: {error.strerror}; name the configuration with --config FILE"
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{file}: byte {error.start + 1} is not UTF-8; save the file as UTF-8"
        ) from error
    except DocumentError as error:
        raise ConfigError(f"{file}:{error.line}:{error.column}: {error}") from error

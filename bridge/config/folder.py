"""The folder in which files are sought that the configuration names: its own."""

from pathlib import Path

from pydantic import ValidationInfo


def folder_of(info: ValidationInfo) -> Path:
    """Where relative paths begin: the folder that `load` tells, else the working directory."""
    folder: Path = (info.context or {}).get("folder", Path())
    return folder

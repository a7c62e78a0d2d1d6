"""The files and keys that the configuration names."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from bridge.access.policy_file import check_policy_files
from bridge.auth.authentication import locks_of
from bridge.config import Config, ConfigError, check_all
from bridge.daemons import check_schemas
from bridge.host.tls import check_tls_files

CHECKS: Final[tuple[Callable[[Config], object], ...]] = (
    check_policy_files,
    locks_of,  # which tells keys that cannot be used
    check_tls_files,
    check_schemas,
)


def check_files(file: Path, config: Config) -> None:
    """Raises `ConfigError` with a line for each fault in any of them, the name of the configuration
    first, as `load` has it."""
    try:
        check_all(partial(check, config) for check in CHECKS)
    except ConfigError as error:
        raise ConfigError(*(f"{file}: {fault}" for fault in error.faults)) from error

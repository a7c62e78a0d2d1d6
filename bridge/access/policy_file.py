"""The policy of a daemon in a file of the operator's, who is told all that is wrong with it."""

from functools import partial
from pathlib import Path
from typing import Final

from bridge.access.policy import Known, Served
from bridge.access.policy_document import MAX_POLICY_BYTES, PolicyError, read_policy
from bridge.config import Config, ConfigError, PolicyFile, check_all

MASTER_PORT: Final = 843
"""Flash Player's. A file speaks as if it were served there: the operator may grant any port."""


def check_policy_files(config: Config) -> None:
    """Raises `ConfigError` with a line for each fault in any of them."""
    check_all(
        partial(read_policy_file, name, daemon.policy.path)
        for name, daemon in config.daemons.items()
        if isinstance(daemon.policy, PolicyFile)
    )


def read_policy_file(daemon: str, path: Path) -> Known:
    """Raises `ConfigError` with a line for each fault. One of those that a stranger's policy is
    forgiven is a fault here, too: whoever wrote the line meant something by it."""
    place = f"daemons.{daemon}.policy: {path}"
    try:
        with path.open("rb") as file:
            data = file.read(MAX_POLICY_BYTES + 2)
        policy = read_policy(data.removesuffix(b"\0"))
    except OSError as error:
        raise ConfigError(f"{place}: {error.strerror}; write the path of a policy file") from error
    except PolicyError as error:
        raise ConfigError(f"{place}: {error}") from error
    if policy.faults:
        raise ConfigError(*(f"{place}: {fault}" for fault in policy.faults))
    return Known((Served(policy, MASTER_PORT, f"the file {path}", is_master=True),))

"""What a configuration says, in a few lines. No daemon is dialled."""

from pathlib import Path
from typing import Final

from bridge.access.hosts import can_be_told_of_tls
from bridge.config import Config, DaemonConfig, UnixPath
from bridge.config.encoding import UTF_8

OWN: Final = "  its own pages, which need no origins: by"
FOR_SURE: Final = "IP addresses and names that nobody can own, like localhost"


def summary(file: Path, config: Config) -> str:
    """The daemons, and by which names pages come."""
    below = "" if config.base_path == "/" else f", below {config.base_path}"
    lines = [f"{file} is valid: it listens on {config.listen}{below} for"]
    lines += [of_daemon(config, name, daemon) for name, daemon in config.daemons.items()]
    return "\n".join([*lines, of_names(config)])


def of_daemon(config: Config, name: str, daemon: DaemonConfig) -> str:
    """One line: where it is, what it speaks, and who may come to it."""
    where = f"embedded {daemon.embedded}" if daemon.embedded else str(daemon.address)
    parts = [f"  {name}: {where}, messages: {daemon.messages}"]
    parts += [] if daemon.encoding == UTF_8 else [f"encoding: {daemon.encoding}"]
    parts += ["tls"] if daemon.tls else []
    parts += [f"also as {alias}" for alias in daemon.aliases]
    parts += [f"schema: {daemon.schema_file}"] if daemon.schema_file else []
    parts += [f"for pages of {origin}" for origin in daemon.origins]
    auth = config.auth if daemon.auth is None else daemon.auth
    parts += [f"auth: {auth}"] if auth.is_asked else []
    parts += [] if daemon.policy == "none" else [f"policy: {daemon.policy}"]
    return ", ".join(parts)


def of_names(config: Config) -> str:
    """Which pages count as the bridge's own, as `access/hosts` decides it."""
    if config.hosts is not None:
        return f"{OWN} {', '.join(config.hosts)}, {FOR_SURE}"
    if isinstance(config.listen, UnixPath):
        return f"{OWN} any name that the proxy passes on; hosts would bound them"
    if can_be_told_of_tls(config):
        return (
            f"{OWN} any name of which a trusted proxy says X-Forwarded-Proto: https, {FOR_SURE}; "
            "hosts would say which"
        )
    return f"{OWN} {FOR_SURE}; hosts would add others"

"""What a configuration says, in a few lines. No daemon is dialled."""

from pathlib import Path

from bridge.access.hosts import can_be_told_of_tls
from bridge.config import Config, DaemonConfig, UnixPath


def summary(file: Path, config: Config) -> str:
    """The daemons, and by which names pages come."""
    below = "" if config.base_path == "/" else f", below {config.base_path}"
    lines = [f"{file} is valid: it listens on {config.listen}{below} for"]
    lines += [of_daemon(config, name, daemon) for name, daemon in config.daemons.items()]
    return "\n".join([*lines, of_names(config)])


def of_daemon(config: Config, name: str, daemon: DaemonConfig) -> str:
    """One line, with what is not as it is by itself."""
    where = f"embedded {daemon.embedded}" if daemon.embedded else str(daemon.address)
    parts = [f"  {name}: {where}, messages: {daemon.messages}"]
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
        return f"  by the names {', '.join(config.hosts)}"
    if isinstance(config.listen, UnixPath):
        return "  by any name that the proxy passes on; hosts would bound them"
    if can_be_told_of_tls(config):
        return (
            "  by IP addresses, by names that nobody can own, and by any name of which a trusted "
            "proxy says X-Forwarded-Proto: https; hosts would say which"
        )
    return "  by IP addresses and by names that nobody can own; hosts would add others"

"""The daemons as the tunnel knows them, made of what the configuration says."""

from functools import partial
from pathlib import Path

from bridge.config import Config, ConfigError, DaemonConfig, check_all
from bridge.config.encoding import UTF_8
from bridge.host.tls import client_context
from bridge.protocol.charset import Charset, CharsetCheck
from bridge.protocol.checks import Check, Guard
from bridge.protocol.greeting import Greeting
from bridge.protocol.xml_check import XmlCheck
from bridge.protocol.xml_limits import XmlLimits
from bridge.protocol.xml_schema import Language, Schema, SchemaError
from bridge.tunnel.daemon.approach import PLAIN_TCP, Approach, Secured
from bridge.tunnel.daemon.sources import Sources
from bridge.tunnel.directory import Daemon


def daemon_of(config: Config, name: str, host: str, port: int) -> Daemon:
    """The configured daemon of this name, which listens there. Raises `ConfigError` for a file that
    cannot be used."""
    daemon = config.daemons[name]
    guard, charset = guard_for(config, name, daemon), charset_for(config, daemon)
    approach = approach_of(name, daemon)
    return Daemon(name, host, port, guard, tuple(daemon.aliases), approach, charset)


def approach_of(name: str, daemon: DaemonConfig) -> Approach:
    """How it is dialled."""
    if daemon.embedded:
        return PLAIN_TCP
    tls = None
    if daemon.tls is not None:
        tls = Secured(client_context(name, daemon.tls), daemon.tls.server_name or daemon.host)
    sources = Sources(daemon.source) if daemon.source else None
    greeting = None
    if daemon.greeting is not None:
        greeting = Greeting(daemon.greeting, is_xml=daemon.messages == "xml")
    return Approach(daemon.never, tls, daemon.proxy_protocol, sources, greeting)


def check_schemas(config: Config) -> None:
    """Raises `ConfigError` with a line for each schema that cannot be used."""
    check_all(partial(schema_of, name, daemon) for name, daemon in config.daemons.items())


def guard_for(config: Config, name: str, daemon: DaemonConfig) -> Guard:
    """What up messages of this daemon must be. Raises `ConfigError` for a schema that cannot be
    used."""
    check: Check | None = None
    if daemon.messages == "xml":
        check = XmlCheck(limits_of(config), schema_of(name, daemon))
    charset = charset_for(config, daemon)
    if charset is None:
        return Guard(daemon.messages, max_message_bytes(config, daemon), check)
    return Guard(daemon.messages, charset.max_utf8_bytes, CharsetCheck(charset, check))


def charset_for(config: Config, daemon: DaemonConfig) -> Charset | None:
    """What the daemon speaks, unless it is UTF-8."""
    if daemon.encoding == UTF_8 or daemon.embedded:
        return None
    return Charset(daemon.encoding, daemon.encoding_errors, max_message_bytes(config, daemon))


def max_message_bytes(config: Config, daemon: DaemonConfig) -> int:
    """The daemon's own limit, or that of all."""
    own = daemon.max_message_bytes
    return config.max_message_bytes if own is None else own


def limits_of(config: Config) -> XmlLimits:
    """How much of anything a message may have."""
    return XmlLimits(
        max_depth=config.xml_max_depth,
        max_nodes=config.xml_max_nodes,
        max_attributes=config.xml_max_attributes,
        max_name_length=config.xml_max_name_length,
        max_text_length=config.xml_max_text_length,
    )


def schema_of(name: str, daemon: DaemonConfig) -> Schema | None:
    """The daemon's schema, read and compiled. Raises `ConfigError`."""
    path = daemon.schema_file
    return None if path is None else read_schema(f"daemons.{name}.schema: {path}", path)


def read_schema(place: str, path: Path) -> Schema:
    """Raises `ConfigError`, with the place and the line first."""
    try:
        return Schema(path.read_bytes(), Language(path.suffix), path.name)
    except OSError as error:
        raise ConfigError(f"{place}: {error.strerror}; write the path of a schema") from error
    except SchemaError as error:
        line = "" if error.line is None else f":{error.line}"
        raise ConfigError(f"{place}{line}: {error}") from error

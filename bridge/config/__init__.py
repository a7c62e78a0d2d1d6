"""The configuration: one YAML file, checked as a whole before anything starts.

`load` gives a `Config` in which every value is of its final type and within its bounds, so nothing
that reads it checks again; or it raises a `ConfigError` that names every fault in the file at once.

    document    YAML text to plain values, faults with line and column
    wording     a value as a fault shows it
    address     where something listens: host and port, or a unix socket
    fields      the types of single values and what is allowed in them
    auth        who may connect: the kinds of credentials, and what is known of each
    secret      what is not written into the file itself
    policy      where a daemon's policy comes from
    schema      where the schema of its messages is
    hosts       the names under which the bridge is reached
    proxies     who is believed about where a request comes from
    daemon      the keys of one daemon
    model       all other keys: their units, bounds and defaults
    faults      pydantic's errors in the words of the file
    load        all of it in order
"""

from bridge.config.address import HostPort, Listen, UnixPath
from bridge.config.daemon import DaemonConfig
from bridge.config.faults import ConfigError
from bridge.config.load import load
from bridge.config.model import Config
from bridge.config.policy import PolicyFile

__all__ = [
    "Config",
    "ConfigError",
    "DaemonConfig",
    "HostPort",
    "Listen",
    "PolicyFile",
    "UnixPath",
    "load",
]

"""The configuration: one YAML file, checked as a whole before anything starts.

`load` gives a `Config` in which every value is of its final type and within its bounds, so nothing
that reads it checks again; or it raises a `ConfigError` that names every fault in the file at once.

The file, from its text to a `Config`:

    load          all of it in order
    document      YAML text to plain values
    syntax        where the text is no YAML, and why
    model         all keys but those of a daemon: their units, bounds and defaults
    daemon        the keys of one daemon
    faults        pydantic's errors in the words of the file
    wording       keys and values as faults show them
    guess         which key was meant by an unknown one

The types of the keys' values, each with what may be written and what is said of all else:

    fields        numbers, names, paths and choices
    address       where something listens, is dialled or comes from
    hosts         the names under which the bridge is reached
    proxies       who is believed about where a request comes from
    networks      where no daemon is dialled
    origins       which pages may connect
    policy        where a daemon's policy comes from
    auth          who may connect: the kinds of credentials
    token_issuer  whose JSON Web Tokens are good
    secret        what is not written into the file itself
    folder        where files are sought that are named
    pace          how fast messages may go
    schema        what a daemon's messages must fit
    encoding      what the daemon speaks
    greeting      its first message
    tls           how it proves who it is
"""

from bridge.config.address import HostPort, Listen, UnixPath
from bridge.config.daemon import DaemonConfig
from bridge.config.faults import ConfigError, check_all
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
    "check_all",
    "load",
]

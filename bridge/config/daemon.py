"""The keys below one daemon's name: how to reach it, what it speaks and who may talk to it."""

from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from bridge.config.address import (
    FIRST_UNPRIVILEGED_PORT,
    DaemonAddress,
    HostPort,
    Port,
    Sources,
)
from bridge.config.auth import AuthOfDaemon
from bridge.config.encoding import UTF_8, Encoding, EncodingErrors, check_encodable
from bridge.config.fields import (
    Aliases,
    BytesOrNone,
    CountOrNone,
    Embedded,
    Messages,
    PerSecondOrNone,
    ProxyProtocol,
    Switch,
)
from bridge.config.greeting import GreetingOrNone, check_well_formed
from bridge.config.networks import METADATA_NETWORKS, Networks
from bridge.config.origins import Origins
from bridge.config.pace import PaceOrNone
from bridge.config.policy import PolicySource
from bridge.config.schema import SchemaFile
from bridge.config.tls import TlsOrNone

# Strict: YAML's `yes` is no number, and "25" is none either.
STRICT: Final = ConfigDict(frozen=True, strict=True, extra="forbid")

DAEMON_FORM: Final = "{address: host:port} or {embedded: chat}"


class DaemonConfig(BaseModel):
    """One daemon that clients may name: exactly one of `address` and `embedded` is set."""

    model_config = STRICT

    # Allows a port below 1024. Flash Player went there only if a policy from such a port said so.
    allow_privileged_port: Switch = False

    # The server that the bridge itself starts for this name, on a free port of the loopback.
    embedded: Embedded = None

    # Where the daemon listens; nobody else's address is ever dialled.
    address: DaemonAddress = Field(default=None, validate_default=True)

    # What a message is: checked XML, checked UTF-8 text, or bytes. XMLSocket carried XML.
    messages: Messages = "xml"

    # The schema that each message to it must fit, in the key `schema`, which pydantic keeps for
    # itself. None by default: few daemons ever had one.
    schema_file: SchemaFile = Field(default=None, alias="schema")

    # Other names for the daemon, compared exactly: "game.example.com:9339", as Ruffle knows it.
    aliases: Aliases = ()

    # Pages that may talk to it besides those of the bridge's own host, as browsers send their
    # Origin; "*" for all. None by default: as Flash Player had it, other hosts must be let in.
    origins: Origins = ()

    # Where more of them are named: in the policy that the daemon serves to Flash Player, or in a
    # file. None by default: what a daemon grants, its operator should have read.
    policy: PolicySource = "none"

    # The port of the daemon's host that is asked for the host's master policy: Flash Player's.
    policy_port: Port = 843

    # Whether "*" means pages without an origin of their own, too: local files, but also what any
    # page can put into a sandboxed frame.
    null_origin: Switch = False

    # Whether requests without an Origin are let in: programs send none, nor do browsers that ask
    # the host of their page.
    missing_origin: Switch = True

    # Credentials that let in, in place of the `auth` of all. Unset by default, which is that one.
    auth: AuthOfDaemon = None

    # Sessions with it at a time, and how many may be opened in a second, by all clients together.
    # No limit of its own by default: what it can bear only its operator knows.
    max_sessions: CountOrNone = None
    opens_per_s: PerSecondOrNone = None

    # How fast all its clients together may send to it, and it to them. No limit by default.
    up: PaceOrNone = None
    down: PaceOrNone = None

    # Longest message in bytes, either way. Unset by default, which is that of all daemons.
    max_message_bytes: BytesOrNone = None

    # Networks that are never dialled, whatever the name in `address` leads to. Where clouds keep
    # their credentials by default; a public name should not lead to private addresses either.
    never: Networks = METADATA_NETWORKS

    # TLS to the daemon. None by default: the daemons of Flash's time knew none.
    tls: TlsOrNone = None

    # Whether the daemon is told of the client's address, and how: for one that reads the PROXY
    # protocol. Others would take it for a message.
    proxy_protocol: ProxyProtocol = None

    # Addresses of this machine that connections come from, tried in turn when one has no port left.
    # The system chooses by default, and has some 28,000 ports for each daemon then.
    source: Sources = ()

    # What the daemon speaks; clients speak UTF-8. That, too, by default, as Flash Player did.
    encoding: Encoding = UTF_8

    # What is done about characters that the other side does not have: refused, or replaced.
    encoding_errors: EncodingErrors = "strict"

    # The first message to the daemon, which tells it whose session it is. None by default: a daemon
    # that does not expect it would take it for the client's.
    greeting: GreetingOrNone = None

    @property
    def host(self) -> str:
        """The host of `address`; raises `ValueError` for an embedded daemon, which has none."""
        return self._dialled().host

    @property
    def port(self) -> int:
        """The port of `address`; raises `ValueError` for an embedded daemon, which has none."""
        return self._dialled().port

    def _dialled(self) -> HostPort:
        if self.address is None:
            raise ValueError(f"the embedded daemon {self.embedded} has no configured address")
        return self.address

    @field_validator("encoding")
    @classmethod
    def _is_of_text(cls, encoding: str, info: ValidationInfo) -> str:
        if encoding != UTF_8 and info.data.get("messages") == "bytes":
            raise ValueError("bytes are not converted; write messages: text, or no encoding")
        return encoding

    @field_validator("greeting")
    @classmethod
    def _is_a_message(cls, greeting: str | None, info: ValidationInfo) -> str | None:
        if greeting is not None and info.data.get("messages") == "xml":
            check_well_formed(greeting)
        if greeting is not None and "encoding" in info.data:
            check_encodable(greeting, info.data["encoding"])
        return greeting

    @field_validator("address")
    @classmethod
    def _is_exactly_one(cls, address: HostPort | None, info: ValidationInfo) -> HostPort | None:
        if "embedded" not in info.data:
            return address  # its own fault is reported already
        embedded = info.data["embedded"]
        if address is None and embedded is None:
            raise ValueError("missing; write address: host:port, or embedded: chat for a demo")
        if address is not None and embedded is not None:
            raise ValueError(f"given beside embedded: {embedded}; keep one of the two")
        return address

    @field_validator("address")
    @classmethod
    def _is_unprivileged(cls, address: HostPort | None, info: ValidationInfo) -> HostPort | None:
        allowed = info.data.get("allow_privileged_port", True)
        if address is not None and address.port < FIRST_UNPRIVILEGED_PORT and not allowed:
            raise ValueError(
                f"port {address.port} is below {FIRST_UNPRIVILEGED_PORT}, where system services "
                "listen; write allow_privileged_port: true beside it if that is meant"
            )
        return address

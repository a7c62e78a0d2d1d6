"""What a policy says, and what is known of a daemon's policies."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from bridge.access.domains import Domain
from bridge.access.origins import Origin
from bridge.access.ports import Ports, may_grant


class MetaPolicy(StrEnum):
    """`permitted-cross-domain-policies`, the narrowest first: which policies of the host count.

    It is heard in the host's master policy alone, the one on port 843. The two in the middle are
    about HTTP and FTP; no policy on a socket can meet them, so there they let through the master
    policy alone.
    """

    NONE = "none"
    MASTER_ONLY = "master-only"
    BY_CONTENT_TYPE = "by-content-type"
    BY_FTP_FILENAME = "by-ftp-filename"
    ALL = "all"

    @property
    def permits_others(self) -> bool:
        """Whether policies on other ports than the master's count."""
        return self is MetaPolicy.ALL


@dataclass(frozen=True, slots=True)
class Grant:
    """One `allow-access-from`: pages of these hosts may connect to these ports; with `secure` only
    pages that were fetched over HTTPS."""

    domain: Domain
    ports: Ports
    secure: bool
    text: str

    def obstacle(self, origin: Origin, port: int, source: int) -> str | None:
        """Why it does not let a page it means to this port, served as it is from port `source`;
        `None` if it does. Ask only if `domain` matches."""
        if port not in self.ports:
            return f"does not name port {port}"
        if not may_grant(source, port):
            return f"was served from port {source}, which cannot grant a port below 1024"
        if self.secure and not origin.is_secure:
            return "is for pages fetched over https alone"
        return None


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy file. `faults` tell what in it grants nothing, and why."""

    meta: MetaPolicy = MetaPolicy.ALL  # the default of sockets; over HTTP it is master-only
    grants: tuple[Grant, ...] = ()
    faults: tuple[str, ...] = ()

    def for_host(self, host: str | None) -> Iterator[Grant]:
        """The grants that mean pages of this host."""
        return (grant for grant in self.grants if grant.domain.matches(host))


@dataclass(frozen=True, slots=True)
class Served:
    """A policy and where it came from: its port, and `place`, which is that in words."""

    policy: Policy
    port: int
    place: str
    is_master: bool

    def opens_to_all(self, port: int) -> bool:
        """Whether every page there is may connect to the port: no other policy can add to that."""
        return any(
            grant.domain.is_any and not grant.secure and port in grant.ports
            for grant in self.policy.grants
        ) and may_grant(self.port, port)


@dataclass(frozen=True, slots=True)
class Unasked:
    """`policy: none`: the configuration alone decides."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The daemon could not be asked, yet or at all."""

    reason: str


@dataclass(frozen=True, slots=True)
class Absent:
    """The daemon was asked and has no policy."""

    reason: str


@dataclass(frozen=True, slots=True)
class Known:
    """The policies that the daemon has: one at least, the master first."""

    policies: tuple[Served, ...]

    @property
    def master(self) -> Served | None:
        """The one whose meta-policy counts."""
        first = self.policies[0]
        return first if first.is_master else None

    @property
    def meta(self) -> MetaPolicy:
        """The host's meta-policy."""
        return MetaPolicy.ALL if self.master is None else self.master.policy.meta

    @property
    def counting(self) -> tuple[Served, ...]:
        """The policies that the meta-policy permits."""
        if self.meta is MetaPolicy.NONE:
            return ()
        return self.policies if self.meta.permits_others else self.policies[:1]


Standing: TypeAlias = Unasked | Unknown | Absent | Known

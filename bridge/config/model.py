"""The keys of the configuration: their units, bounds and defaults.

config.yaml lists the same in the operator's words. A rule between two keys stands at the later one,
since pydantic validates in the order of the fields.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, ValidationInfo, field_validator

from bridge.config.address import HostPort, ListenAddress, ListenAddressOrNone, UnixPath
from bridge.config.auth import Auth, AuthOfAll
from bridge.config.daemon import DAEMON_FORM, STRICT, DaemonConfig
from bridge.config.fields import (
    BasePath,
    Bytes,
    Count,
    CountOrNone,
    DaemonName,
    NodeName,
    PerSecondOrNone,
    Seconds,
    SecondsOrZero,
    Switch,
)
from bridge.config.hosts import HostsOrNone
from bridge.config.pace import PaceOrNone
from bridge.config.proxies import UNIX, Proxies
from bridge.config.wording import quoted


def _unambiguous(daemons: Mapping[str, DaemonConfig]) -> Mapping[str, DaemonConfig]:
    """Refuses daemons of which two answer to the same name or alias, or one twice."""
    owners: defaultdict[str, list[str]] = defaultdict(list)
    for name, daemon in daemons.items():
        for called in (name, *daemon.aliases):
            owners[called].append(name)
    clashes = [
        f"{quoted(called)} ({', '.join(names)})" for called, names in owners.items() if names[1:]
    ]
    if clashes:
        raise ValueError(
            f"names or aliases used twice: {', '.join(clashes)}; give each to one daemon, once"
        )
    return daemons


class Config(BaseModel):
    """The whole configuration, valid and complete. Durations are seconds, decimals allowed."""

    model_config = STRICT

    # Where HTTP is served: host:port or unix:/path; port 0 takes a free one. The loopback by
    # default, since the outside should come through a proxy that speaks TLS.
    listen: ListenAddress = HostPort("127.0.0.1", 8080)

    # Names under which the bridge is reached: requests by any other are refused, except by IP
    # address and by names that nobody can own. Unset by default, when such a name costs a page only
    # that it counts as the bridge's own.
    hosts: HostsOrNone = None

    # Where Flash Player is told, over its own protocol, which pages may connect: host:port, with
    # the port 843 that it asks first. Nowhere by default, since browsers have no use for it.
    policy_listen: ListenAddressOrNone = None

    # Proxies whose X-Forwarded-For is believed. None by default: anybody can write that header.
    trusted_proxies: Proxies = ()

    # Whether those proxies begin each connection with a PROXY header, which says for
    # whom it is. Not by default: most speak HTTP and send X-Forwarded-For.
    listen_proxy_protocol: Switch = False

    # The path below which everything is served; begins and ends with a slash here.
    base_path: BasePath = "/"

    # The part of session ids before the "-", by which load balancers find the owning process.
    node: NodeName = "a"

    # Whether the console page and the files it loads are served at `base_path`.
    console: Switch = True

    # Who may connect, for daemons that do not say so themselves. Everybody by default, as it was
    # with the daemons themselves; the origins bound which pages.
    auth: AuthOfAll = Auth()

    # Longest hold of a poll, in seconds. Proxies cut connections that are silent for 30 s.
    wait_s: Seconds = 25.0

    # How long, in seconds, a session outlives its last receiver or request, and its tail the end:
    # enough to change networks or to wake a hidden tab, whose timers browsers run once a minute.
    resume_s: Seconds = 60.0

    # Seconds between signs of life on WebSockets and event streams; a receiver silent for twice
    # as long is detached. Two beats fit into the 30 s after which proxies cut.
    heartbeat_s: Seconds = 15.0

    # Longest message in bytes, either way, its zero byte not counted. A choice: XMLSocket has no
    # limit, chats and games stay far below.
    max_message_bytes: Bytes = 1 << 20

    # Bytes of up messages that a WebSocket client may leave unacknowledged, and that the bridge
    # reads however slow the daemon is: four times the 64 KiB after which each side must ack.
    max_unacked_bytes: Bytes = 1 << 18

    # Seconds for the TCP connection to a daemon. Flash Player gives up after 20 s; below 18 the
    # reason still gets through to the client in time.
    connect_timeout_s: Annotated[Seconds, Field(lt=18)] = 10.0

    # Seconds for a port to answer the question for the daemon's policy, the connection included: as
    # long as Flash Player waits.
    policy_timeout_s: Seconds = 3.0

    # Seconds after which a daemon that has a policy is asked for it again.
    policy_max_age_s: Seconds = 600.0

    # Seconds for which a policy counts while the daemon cannot be asked: a night's outage passes.
    policy_keep_s: SecondsOrZero = 86400.0

    # Seconds for which a client may keep the bridge from reading its daemon. Many old daemons
    # block on a slow reader, and everybody behind it waits.
    slow_client_s: Seconds = 30.0

    # Seconds for which a daemon may stay behind with what a client has sent.
    slow_daemon_s: Seconds = 30.0

    # Seconds to hand accepted messages to the daemon after either side has ended.
    flush_s: Seconds = 5.0

    # Seconds from the signal to stop for which sessions may go on and end by themselves. None by
    # default: a chat's never do, and supervisors kill what takes long.
    drain_s: SecondsOrZero = 0.0

    # Seconds from the end of that to the end of the process: as long as docker stop waits.
    shutdown_s: Seconds = 10.0

    # Seconds for the head of a connection's first request, against clients that send it a byte at
    # a time. Between two requests it is the time of an idle connection, 75 s.
    head_timeout_s: Seconds = 30.0

    # Seconds for each quarter megabyte of a request's body to arrive, against clients that send it
    # a byte at a time.
    body_timeout_s: Seconds = 30.0

    # Sessions at a time. Each takes two or three file descriptors of the process; where the limit
    # of those is lower, so is this.
    max_sessions: Count = 10_000

    # Sessions of one client at a time, by its address, and how many it may open in a second. No
    # limit by default, since behind a proxy that is not trusted all clients are one.
    client_max_sessions: CountOrNone = None
    client_opens_per_s: PerSecondOrNone = None

    # The same of one user, where `auth` tells who that is. No limit by default.
    user_max_sessions: CountOrNone = None
    user_opens_per_s: PerSecondOrNone = None

    # How fast one client or user may send (up) and receive (down), over all its sessions. No limit
    # by default: then nothing is counted.
    client_up: PaceOrNone = None
    client_down: PaceOrNone = None
    user_up: PaceOrNone = None
    user_down: PaceOrNone = None

    # Sessions that may be opened at once before a limit of opens per second is heeded:
    # some windows of a browser that is started.
    opens_burst: Count = 10

    # Longest body of a request in bytes, after inflating it: eight of the longest messages.
    max_body_bytes: Bytes = 1 << 23

    # Bytes held for all sessions and requests together: what protects the machine, since
    # `max_sessions` full logs would be 10 GB.
    max_buffered_bytes: Bytes = 1 << 29

    # Unacknowledged bytes of one session above which its daemon is no longer read: one message of
    # the longest kind.
    log_high_water_bytes: Annotated[Bytes, Field(ge=2)] = 1 << 20

    # Bytes at which reading goes on; well below, so that it does not stop and go on all the time.
    log_low_water_bytes: Bytes = Field(default=1 << 18, validate_default=True)

    # Elements inside each other in an XML message. 100 is far above what daemons send; above 256
    # libxml2 refuses by itself, in its own words.
    xml_max_depth: Annotated[Count, Field(le=250)] = 100

    # Nodes of an XML message: each costs a daemon that builds a tree far more than its bytes.
    xml_max_nodes: Count = 10_000

    # Attributes of one element, namespaces included, and characters of one name: far above what
    # anybody writes by hand or from a program, and old parsers keep both in fixed places.
    xml_max_attributes: Count = 256
    xml_max_name_length: Count = 256

    # Characters of one text or value: as many as fit into the longest message. Worth lowering for
    # a daemon that copies them into a buffer of its own.
    xml_max_text_length: Count = 1 << 20

    # The daemons by name. A bridge without any serves nothing.
    daemons: Annotated[
        Mapping[DaemonName, DaemonConfig],
        AfterValidator(_unambiguous),
        Field(min_length=1, description=f"NAME: {DAEMON_FORM} below it"),
    ]

    @field_validator("listen_proxy_protocol")
    @classmethod
    def _is_of_somebody(cls, expected: bool, info: ValidationInfo) -> bool:
        if expected and not info.data.get("trusted_proxies", (UNIX,)):
            raise ValueError("its header is read from trusted_proxies alone; name them above it")
        return expected

    @field_validator("client_max_sessions", "client_opens_per_s", "client_up", "client_down")
    @classmethod
    def _knows_its_clients(cls, limit: object, info: ValidationInfo) -> object:
        by_unix = isinstance(info.data.get("listen"), UnixPath)
        if limit is not None and by_unix and UNIX not in info.data.get("trusted_proxies", (UNIX,)):
            raise ValueError(
                "by a unix socket no client has an address; write trusted_proxies: [unix] if the "
                "proxy there sends X-Forwarded-For"
            )
        return limit

    @field_validator("log_low_water_bytes")
    @classmethod
    def _is_below_high_water(cls, low: int, info: ValidationInfo) -> int:
        high = info.data.get("log_high_water_bytes")
        if high is not None and low >= high:
            raise ValueError(
                f"{low} is not below log_high_water_bytes, which is {high}; "
                f"write for example {max(1, high // 4)}"
            )
        return low

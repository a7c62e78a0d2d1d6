"""One daemon as the gate knows it: what the configuration says of it, and where its policy is known
from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bridge.access.decision import Decision, Rules, decide, hosts_of
from bridge.access.origins import Page
from bridge.access.policy import Standing, Unasked
from bridge.access.policy_file import read_policy_file
from bridge.access.policy_inquiry import Inquiry, LookUp, Place
from bridge.access.policy_watch import Watch
from bridge.config import Config, DaemonConfig, PolicyFile
from bridge.config.networks import Network
from bridge.host.never import permitted


@dataclass(frozen=True, slots=True)
class Settled:
    """Where it is known from what a daemon's policy is, if that never changes: there is none, or it
    is in a file."""

    standing: Standing


@dataclass(frozen=True, slots=True)
class Door:
    """What lets pages in to one daemon, or does not."""

    rules: Rules
    source: Settled | Watch

    def decide(self, page: Page) -> Decision:
        """Whether the page may reach the daemon now."""
        return decide(page, self.rules, self.source.standing)


class DoorBuilder:
    """Makes doors as the configuration has them."""

    def __init__(self, config: Config, look_up: LookUp, now: Callable[[], float]) -> None:
        self._config = config
        self._look_up = look_up
        self._now = now

    def build(self, name: str, host: str, port: int) -> Door:
        """The door of a configured daemon that listens there. Raises `ConfigError` for a policy
        file that cannot be used."""
        daemon = self._config.daemons[name]
        return Door(rules_for(name, daemon, port), self._source(name, daemon, host, port))

    def inquiry(self, name: str, host: str, port: int) -> Inquiry:
        """What asks the daemon for its policy."""
        daemon = self._config.daemons[name]
        return Inquiry(
            Place(host, port, daemon.policy_port),
            self._look_up_except(() if daemon.embedded else daemon.never),
            self._now,
            timeout_s=self._config.policy_timeout_s,
            keep_s=self._config.policy_keep_s,
        )

    def _look_up_except(self, never: Sequence[Network]) -> LookUp:
        async def look_up(host: str) -> Sequence[str]:
            return permitted(host, await self._look_up(host), never)

        return look_up

    def _source(self, name: str, daemon: DaemonConfig, host: str, port: int) -> Settled | Watch:
        match daemon.policy:
            case PolicyFile(path):
                return Settled(read_policy_file(name, path))
            case "ask":
                inquiry = self.inquiry(name, host, port)
                return Watch(name, inquiry, self._config.policy_max_age_s)
            case _:
                return Settled(Unasked())


def rules_for(name: str, daemon: DaemonConfig, port: int) -> Rules:
    """What the configuration says of a daemon that listens on this port."""
    host = None if daemon.address is None else daemon.address.host
    return Rules(
        daemon=name,
        port=port,
        origins=frozenset(daemon.origins),
        hosts=hosts_of(host, daemon.aliases),
        null_origin=daemon.null_origin,
        missing_origin=daemon.missing_origin,
    )

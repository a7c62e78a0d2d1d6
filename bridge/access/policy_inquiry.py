"""Asking a daemon for its policies: the host's master policy first, then, if that leaves anything
open, the daemon's own port."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bridge.access.policy import Absent, Known, Served, Standing, Unknown
from bridge.access.policy_document import PolicyError, read_policy
from bridge.access.policy_request import Silent, Unreachable, ask
from bridge.host.descriptors import in_words
from bridge.host.never import Forbidden

LookUp: TypeAlias = Callable[[str], Awaitable[Sequence[str]]]
"""From a host to its IP addresses. Raises `OSError` or `UnicodeError`."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a daemon is asked: `port` is its own, `policy_port` the one of its host's master
    policy."""

    host: str
    port: int
    policy_port: int


class Inquiry:
    """Asks one daemon, as often as `ask` is called, and remembers the last good answer of each port
    for `keep_s` of failing."""

    def __init__(
        self,
        place: Place,
        look_up: LookUp,
        now: Callable[[], float],
        *,
        timeout_s: float,
        keep_s: float,
    ) -> None:
        self._place = place
        self._look_up = look_up
        self._now = now
        self._timeout_s = timeout_s
        self._keep_s = keep_s
        self._good: dict[int, tuple[Served, float]] = {}

    async def ask(self) -> Standing:
        """What is known after asking; takes three times `timeout_s` at most, and never two
        connections at a time."""
        port, policy_port = self._place.port, self._place.policy_port
        addresses = await self._addresses()
        master = await self._asked(addresses, policy_port)
        if port == policy_port or (isinstance(master, Served) and settles(master, port)):
            return known(master)
        return known(master, await self._asked(addresses, port))

    async def _addresses(self) -> Sequence[str] | Unknown:
        """Or why there are none that may be dialled: then nobody can be reached."""
        host, allowed_s = self._place.host, self._timeout_s
        try:
            async with asyncio.timeout(allowed_s):
                return await self._look_up(host)
        except TimeoutError:
            return Unknown(f"{host} was not looked up within {allowed_s:g} s")
        except Forbidden as error:
            return Unknown(str(error))
        except OSError as error:
            reason = in_words(error)
        except UnicodeError as error:
            reason = str(error)
        return Unknown(f"{host} leads nowhere: {reason}")

    async def _asked(
        self, addresses: Sequence[str] | Unknown, port: int
    ) -> Served | Absent | Unknown:
        if isinstance(addresses, Unknown):
            return self._kept(port) or addresses
        try:
            served = self._served(await ask(addresses, port, self._timeout_s), port)
        except PolicyError as error:
            self._good.pop(port, None)
            return Absent(f"what port {port} answers is no policy: {error}")
        except Silent as error:
            return self._kept(port) or Absent(str(error))
        except Unreachable as error:
            return self._kept(port) or Unknown(str(error))
        self._good[port] = served, self._now()
        return served

    def _served(self, data: bytes, port: int) -> Served:
        place = f"the policy from port {port} of {self._place.host}"
        return Served(read_policy(data), port, place, port == self._place.policy_port)

    def _kept(self, port: int) -> Served | None:
        """The last good answer, if it may still count."""
        good, at = self._good.get(port, (None, 0.0))
        return good if self._now() - at <= self._keep_s else None


def settles(master: Served, port: int) -> bool:
    """Whether no other policy can matter beside it."""
    return not master.policy.meta.permits_others or master.opens_to_all(port)


def known(*findings: Served | Absent | Unknown) -> Standing:
    """What the findings come to; the last is the one about the daemon's own port, which tells
    whether the daemon was there to be asked."""
    served = tuple(finding for finding in findings if isinstance(finding, Served))
    if served:
        return Known(served)
    last = findings[-1]
    assert not isinstance(last, Served)
    return last

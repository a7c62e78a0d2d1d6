"""The decision: may this page reach this daemon, and by which rule?

A pure function of the page, what the configuration says of the daemon, and what is known of its
policy. Every request, preflight and `xmlsocket-bridge explain` go by it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final, assert_never

from bridge.access.domains import ANY, is_inside, is_ip, normal_host
from bridge.access.origins import Origin, Page
from bridge.access.policy import Absent, Known, Standing, Unasked, Unknown
from bridge.config.address import FIRST_UNPRIVILEGED_PORT

OWN_HOST: Final = "it is a page of the bridge's own host"
UNKNOWN_HOST: Final = (
    "the page's host is the bridge's, but not among hosts: if the name is yours, write it there, "
    "or the proxy that ends its TLS below trusted_proxies"
)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the configuration says of a daemon. `hosts` are the names under which its pages would
    know it."""

    daemon: str
    port: int
    origins: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    null_origin: bool = False
    missing_origin: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether, and the rule that made it so in words."""

    allowed: bool
    rule: str


def decide(page: Page, rules: Rules, standing: Standing) -> Decision:
    """The one decision. The configuration comes first, what it lets in no policy shuts out: it is
    the operator's own word."""
    if page.is_own:
        return Decision(True, OWN_HOST)
    decision = _decide_about_others(page, rules, standing)
    if page.is_of_host_asked and not decision.allowed:
        return Decision(False, f"{UNKNOWN_HOST}; and {decision.rule}")
    return decision


def _decide_about_others(page: Page, rules: Rules, standing: Standing) -> Decision:
    if page.origin is None:
        return _without_origin(rules)
    try:
        origin = Origin.parse(page.origin)
    except ValueError as error:
        return Decision(False, str(error))
    if origin.is_null and not rules.null_origin:
        return Decision(False, "null_origin is false, and the page has no origin of its own")
    if rules.origins & {origin.text, ANY}:
        named = origin.text if origin.text in rules.origins else ANY
        return Decision(True, f"{named!r} is among the configured origins")
    return _by_policy(origin, rules, standing)


def hosts_of(address: str | None, aliases: Iterable[str]) -> frozenset[str]:
    """The hosts of a daemon's address and of aliases like `game.example.com:9339`.

    Only those that are the same for everybody: the bridge's `localhost` or 10.0.0.5 is not the one
    of a page's reader.
    """
    written = [address or "", *(alias.rpartition(":")[0] for alias in aliases)]
    return frozenset(host for text in written if (host := _public(text)))


def _public(text: str) -> str | None:
    try:
        host = normal_host(text.lower())
    except ValueError:
        return None
    if is_ip(host):
        return host if ip_address(host).is_global else None
    return None if is_inside(host) else host


def _without_origin(rules: Rules) -> Decision:
    if rules.missing_origin:
        return Decision(
            True, "without an Origin it is no page's request, and missing_origin is true"
        )
    return Decision(False, "it has no Origin, and missing_origin is false")


def _by_policy(origin: Origin, rules: Rules, standing: Standing) -> Decision:
    match standing:
        case Unasked():
            return Decision(False, "it is not among the configured origins, and policy is none")
        case Unknown(reason):
            return Decision(False, f"the daemon's policy is not known: {reason}")
        case Absent(reason):
            return _by_host(origin, rules, reason)
        case Known():
            return _by_known(origin, rules.port, standing)
        case _:
            assert_never(standing)


def _by_host(origin: Origin, rules: Rules, reason: str) -> Decision:
    """As Flash had it before policies were asked for: a page may reach its own host."""
    absent = f"the daemon has no policy ({reason})"
    if origin.host is None or origin.host not in rules.hosts:
        return Decision(False, f"{absent}, and the page is not of the daemon's host")
    if rules.port < FIRST_UNPRIVILEGED_PORT:
        return Decision(False, f"{absent}, and port {rules.port} is below 1024")
    return Decision(True, f"{absent}, and the page is of the daemon's host {origin.host}")


def _by_known(origin: Origin, port: int, known: Known) -> Decision:
    near = ""
    for served in known.counting:
        for grant in served.policy.for_host(origin.host):
            obstacle = grant.obstacle(origin, port, served.port)
            if obstacle is None:
                return Decision(True, f"{grant.text} in {served.place}")
            near = near or f"{grant.text} in {served.place} {obstacle}"
    return Decision(False, near or _nothing(known))


def _nothing(known: Known) -> str:
    """Why no grant was even near."""
    places = " and ".join(served.place for served in known.counting)
    refusal = f"no allow-access-from in {places} means this page" if places else "nothing counts"
    if known.master is None or known.meta.permits_others:
        return refusal
    return f"{refusal}, and site-control in {known.master.place} is {known.meta}"

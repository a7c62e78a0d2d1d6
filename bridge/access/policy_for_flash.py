"""The policies that the bridge itself serves to Flash Player, made from the configuration.

They say no more than the configuration does, as far as Flash's model can: it knows a page's host
and whether it came over https, not its port. What daemons answer when they are asked goes into
neither; they serve it themselves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from bridge.access.domains import Domain
from bridge.access.doors import Door, Settled
from bridge.access.origins import Origin
from bridge.access.policy import Known, MetaPolicy
from bridge.access.policy_document import ROOT
from bridge.access.ports import may_grant

DOCTYPE: Final = f'<!DOCTYPE {ROOT} SYSTEM "http://www.adobe.com/xml/dtds/cross-domain-policy.dtd">'
HEADERS: Final = "Accept,Content-Type,Last-Event-ID,XMLSocket-Key"
"""What the bridge's clients send, as far as Flash Player lets anybody set it."""


@dataclass(frozen=True, slots=True, order=True)
class Guest:
    """Pages of a domain; with `secure` only those fetched over https."""

    domain: str
    secure: bool

    def includes(self, other: "Guest") -> bool:
        """Whether all that the other means is meant here."""
        return Domain(self.domain).covers(Domain(other.domain)) and self.secure <= other.secure


def url_policy(doors: Sequence[Door]) -> bytes:
    """`/crossdomain.xml`, for movies that use HTTP.

    It lets in who may reach every daemon: it is one for all of them, and Flash Player sends no
    Origin by which the gate could tell their pages apart.
    """
    guests = common_guests(doors)
    root = etree.Element(ROOT)
    meta = MetaPolicy.MASTER_ONLY if guests else MetaPolicy.NONE
    etree.SubElement(root, "site-control", {"permitted-cross-domain-policies": meta.value})
    for tag, more in (
        ("allow-access-from", {}),
        ("allow-http-request-headers-from", {"headers": HEADERS}),
    ):
        for guest in guests:
            secure = "true" if guest.secure else "false"
            etree.SubElement(root, tag, {"domain": guest.domain, **more, "secure": secure})
    return etree.tostring(
        root, encoding="utf-8", xml_declaration=True, doctype=DOCTYPE, pretty_print=True
    )


def socket_policy(doors: Iterable[tuple[Door, Iterable[int]]], http_port: int | None) -> bytes:
    """For movies that use sockets: for each daemon the ports by which they know it, and the port on
    which the bridge itself listens, if it has one, for those who may reach every daemon."""
    known = [(door, sorted(ports)) for door, ports in doors]
    root = etree.Element(ROOT)
    for door, ports in known:
        if ports:
            _add_grants(root, sorted(guests_of(door)), ports)
    if http_port is not None:
        _add_grants(root, common_guests([door for door, _ in known]), [http_port])
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def common_guests(doors: Sequence[Door]) -> list[Guest]:
    """Who may pass every door."""
    guests = [guests_of(door) for door in doors]
    return [
        guest
        for guest in sorted(frozenset[Guest]().union(*guests))
        if all(any(other.includes(guest) for other in others) for others in guests)
    ]


def guests_of(door: Door) -> frozenset[Guest]:
    """Whom the configuration lets pass: its origins, and the policy in a file."""
    named = (guest for origin in door.rules.origins if (guest := _guest(origin)) is not None)
    return frozenset((*named, *_guests_by_file(door)))


def _guest(origin: str) -> Guest | None:
    if origin == "*":
        return Guest(origin, secure=False)
    parsed = Origin.parse(origin)
    return None if parsed.host is None else Guest(parsed.host, parsed.is_secure)


def _guests_by_file(door: Door) -> Iterable[Guest]:
    standing = door.source.standing
    if not isinstance(door.source, Settled) or not isinstance(standing, Known):
        return
    for served in standing.counting:
        for grant in served.policy.grants:
            if door.rules.port in grant.ports and may_grant(served.port, door.rules.port):
                yield Guest(grant.domain.text, grant.secure)


def _add_grants(root: etree._Element, guests: Iterable[Guest], ports: Iterable[int]) -> None:
    for guest in guests:
        to_ports = ",".join(map(str, ports))
        attributes = {"domain": guest.domain, "to-ports": to_ports}
        if guest.secure:
            attributes["secure"] = "true"
        etree.SubElement(root, "allow-access-from", attributes)

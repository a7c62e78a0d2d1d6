"""The policies that the bridge serves: what the configuration comes to in Flash's model."""

import asyncio
from collections.abc import Iterable, Sequence

import pytest

from bridge.access.decision import Rules
from bridge.access.doors import Door, Settled
from bridge.access.policy import Known, Served, Standing, Unasked
from bridge.access.policy_document import read_policy
from bridge.access.policy_for_flash import Guest, common_guests, socket_policy, url_policy
from bridge.access.policy_inquiry import Inquiry, Place
from bridge.access.policy_watch import Watch
from tests.access.policies import control, grant, policy

PORT = 9339


def door(*origins: str, standing: Standing | None = None) -> Door:
    rules = Rules("game", PORT, origins=frozenset(origins))
    return Door(rules, Settled(Unasked() if standing is None else standing))


def filed(*elements: str) -> Standing:
    """A policy of these elements in a file."""
    return Known((Served(read_policy(policy(*elements)), 843, "the file", is_master=True),))


def guests(*doors: Door) -> list[tuple[str, bool]]:
    return [(guest.domain, guest.secure) for guest in common_guests(doors)]


GUESTS = [
    ([door()], []),
    ([door("https://a.example")], [("a.example", True)]),
    ([door("http://a.example")], [("a.example", False)]),
    ([door("http://a.example:8000")], [("a.example", False)]),
    ([door("http://[::1]:8000")], [("::1", False)]),
    ([door("*")], [("*", False)]),
    ([door("chrome-extension://abc")], []),
    # one policy for all daemons: only who may reach each of them
    ([door("https://a.example"), door("https://b.example")], []),
    ([door("https://a.example"), door()], []),
    ([door("https://a.example"), door("*")], [("a.example", True)]),
    ([door("https://a.example"), door("http://a.example")], [("a.example", True)]),
    (
        [door("https://a.example", "https://b.example"), door("https://b.example")],
        [("b.example", True)],
    ),
    # a policy in a file
    ([door(standing=filed(grant("*.a.example")))], [("*.a.example", False)]),
    ([door(standing=filed(grant("a.example", more='secure="true"')))], [("a.example", True)]),
    ([door(standing=filed(grant("*", "9338")))], []),
    ([door(standing=filed(grant("*"), control("none")))], []),
    (
        [door(standing=filed(grant("*.a.example"))), door("https://www.a.example")],
        [("www.a.example", True)],
    ),
    (
        [door(standing=filed(grant("*.a.example"))), door(standing=filed(grant("*.b.a.example")))],
        [("*.b.a.example", False)],
    ),
    (
        [door(standing=filed(grant("*.a.example"))), door(standing=filed(grant("a.example")))],
        [("a.example", False)],
    ),
]


@pytest.mark.parametrize(("doors", "expected"), GUESTS)
def test_those_are_common_guests_who_may_reach_every_daemon(
    doors: Sequence[Door], expected: list[tuple[str, bool]]
) -> None:
    assert guests(*doors) == expected


async def test_what_a_daemon_answers_is_not_published() -> None:
    async def nowhere(host: str) -> Iterable[str]:
        raise OSError

    now = asyncio.get_running_loop().time
    inquiry = Inquiry(Place("game", 1, 1), nowhere, now, timeout_s=1, keep_s=1)  # type: ignore[arg-type]
    watch = Watch("game", inquiry, 1)
    watch.standing = filed(grant("*"))
    assert guests(Door(Rules("game", PORT), watch)) == []


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        (Guest("*", False), Guest("*", True)),
        (Guest("*", False), Guest("a.example", False)),
        (Guest("*.a.example", False), Guest("*.a.example", True)),
        (Guest("*.a.example", False), Guest("www.a.example", False)),
        (Guest("*.example.com", True), Guest("*.a.example.com", True)),
    ],
)
def test_a_guest_includes_those_whom_it_means_and_not_the_reverse(
    wide: Guest, narrow: Guest
) -> None:
    assert wide.includes(narrow)
    assert wide.includes(wide)
    assert not narrow.includes(wide)


def test_the_url_policy_lets_common_guests_in_with_the_headers_they_need() -> None:
    assert url_policy([door("https://a.example", "http://b.example")]).decode() == (
        "<?xml version='1.0' encoding='utf-8'?>\n"
        "<!DOCTYPE cross-domain-policy SYSTEM "
        '"http://www.adobe.com/xml/dtds/cross-domain-policy.dtd">\n'
        "<cross-domain-policy>\n"
        '  <site-control permitted-cross-domain-policies="master-only"/>\n'
        '  <allow-access-from domain="a.example" secure="true"/>\n'
        '  <allow-access-from domain="b.example" secure="false"/>\n'
        '  <allow-http-request-headers-from domain="a.example" '
        'headers="Accept,Content-Type,Last-Event-ID,XMLSocket-Key" secure="true"/>\n'
        '  <allow-http-request-headers-from domain="b.example" '
        'headers="Accept,Content-Type,Last-Event-ID,XMLSocket-Key" secure="false"/>\n'
        "</cross-domain-policy>\n"
    )


def test_a_url_policy_without_guests_says_that_there_is_none() -> None:
    assert '<site-control permitted-cross-domain-policies="none"/>' in url_policy([door()]).decode()


def granted(data: bytes) -> list[str]:
    """The grants of a policy for sockets, which has no faults."""
    read = read_policy(data)
    assert read.faults == ()
    return [grant.text for grant in read.grants]


def test_the_socket_policy_names_for_each_daemon_its_guests_and_ports() -> None:
    doors = [(door("https://a.example"), {9339}), (door("http://b.example"), {7000, 23})]
    assert granted(socket_policy(doors, None)) == [
        '<allow-access-from domain="a.example" to-ports="9339" secure="true"/>',
        '<allow-access-from domain="b.example" to-ports="23,7000"/>',
    ]


def test_the_socket_policy_names_the_bridges_own_port_for_common_guests() -> None:
    doors = [(door("*"), [9339]), (door("https://a.example"), [7000])]
    assert granted(socket_policy(doors, 8080))[-1] == (
        '<allow-access-from domain="a.example" to-ports="8080" secure="true"/>'
    )


def test_the_socket_policy_names_no_daemon_without_a_port() -> None:
    assert granted(socket_policy([(door("*"), [])], None)) == []

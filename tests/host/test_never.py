"""Addresses that are never dialled, in whatever form they come."""

from collections.abc import Sequence
from ipaddress import ip_network

import pytest

from bridge.config.networks import METADATA_NETWORKS, PRIVATE_NETWORKS, Network
from bridge.host.never import Forbidden, permitted

INSIDE = ["10.0.0.5", "127.0.0.1", "169.254.169.254", "192.168.1.1", "0.0.0.0", "::1", "::"]
IN_DISGUISE = [
    "::ffff:10.0.0.5",
    "::ffff:a00:5",
    "64:ff9b::10.0.0.5",
    "2002:a00:5::1",
    "::10.0.0.5",
    "2001:0:1:2::f5ff:fffa",  # Teredo has the client's address inverted
    "fe80::1%lo",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "64:ff9b:1::10.0.0.5",
    "::ffff:0.0.0.0",
]
PUBLIC = ["93.184.215.14", "2a00:1450::1", "::ffff:93.184.215.14", "64:ff9b::93.184.215.14"]


@pytest.mark.parametrize("address", [*INSIDE, *IN_DISGUISE])
def test_an_address_that_comes_out_inside_is_not_private_enough_to_hide(address: str) -> None:
    with pytest.raises(Forbidden):
        permitted("game.example.com", [address], PRIVATE_NETWORKS)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("0.0.0.0", "127.0.0.0/8"),
        ("::ffff:0.0.0.0", "127.0.0.0/8"),
        ("::", "::1/128"),
        ("64:ff9b:1::10.0.0.5", "10.0.0.0/8"),
    ],
)
def test_an_address_is_also_where_the_system_goes_for_it(address: str, network: str) -> None:
    with pytest.raises(Forbidden):
        permitted("game.example.com", [address], (ip_network(network),))


def test_public_addresses_may_be_dialled_in_their_order() -> None:
    assert permitted("game.example.com", PUBLIC, PRIVATE_NETWORKS) == PUBLIC


def test_of_several_addresses_those_outside_are_left() -> None:
    found = ["10.0.0.5", "93.184.215.14", "::1"]
    assert permitted("game.example.com", found, PRIVATE_NETWORKS) == ["93.184.215.14"]


@pytest.mark.parametrize("address", ["169.254.169.254", "fd00:ec2::254", "::ffff:169.254.169.254"])
def test_the_credentials_of_clouds_are_out_of_reach_by_default(address: str) -> None:
    with pytest.raises(Forbidden):
        permitted("game.example.com", [address], METADATA_NETWORKS)


@pytest.mark.parametrize("never", [(), (ip_network("10.0.0.0/8"),), METADATA_NETWORKS])
def test_a_network_that_is_not_named_is_no_obstacle(never: Sequence[Network]) -> None:
    assert permitted("localhost", ["127.0.0.1", "::1"], never) == ["127.0.0.1", "::1"]


def test_the_fault_says_where_the_name_leads() -> None:
    found = ["10.0.0.5", "10.0.0.6"]
    with pytest.raises(Forbidden) as caught:
        permitted("game.example.com", found, (ip_network("10.0.0.0/8"),))
    assert str(caught.value) == (
        "game.example.com leads to 10.0.0.5, 10.0.0.6, where never: forbids to go"
    )

"""`to-ports`, and which ports a policy may speak for by where it comes from."""

import pytest

from bridge.access.ports import Ports, may_grant

# What is written, ports that it names, ports that it does not name.
LISTS = [
    ("507", [507], [506, 508, 5070]),
    ("507,516", [507, 516], [508, 515]),
    ("516-523", [516, 520, 523], [515, 524]),
    ("507,516-523", [507, 516, 523], [508, 524]),
    ("*", [1, 1023, 1024, 65535], []),
    ("507,*", [1, 65535], []),
    (" 507 , 516 - 523 ", [507, 516, 523], [508]),
    ("\t9339\n", [9339], [9338]),
    ("9339-9339", [9339], [9338, 9340]),
    ("1-65535", [1, 65535], []),
    ("00507", [507], []),
]


@pytest.mark.parametrize(("text", "named", "others"), LISTS)
def test_ports_are_named_by_lists_ranges_and_the_asterisk(
    text: str, named: list[int], others: list[int]
) -> None:
    ports = Ports.parse(text)
    assert all(port in ports for port in named)
    assert not any(port in ports for port in others)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", ",", "507,", ",507", "507,,516", "507 516", "507;516", "0", "65536", "99999",
        "100000", "523-516", "516-", "-523", "516-520-523", "516--523", "**", "5*", "*-516", "any",
        "all", "507,x", "0x1fb", "+507", "-1", "5.7", "\u0665\u0660\u0667",
        "507\x00", "1-65536", "0-80",
    ],
)  # fmt: skip
def test_one_slip_makes_the_whole_list_name_nothing(text: str) -> None:
    with pytest.raises(ValueError, match=r"port|range"):
        Ports.parse(text)


# As in the Flash documentation: below 1024 for all, from there on only for its like.
@pytest.mark.parametrize(
    ("source", "port", "may"),
    [
        (843, 23, True),
        (843, 9339, True),
        (1023, 1023, True),
        (1023, 1024, True),
        (1024, 1023, False),
        (1024, 1024, True),
        (9339, 9339, True),
        (9339, 65535, True),
        (9339, 80, False),
        (8430, 843, False),
        (23, 23, True),
    ],
)
def test_a_policy_from_port_1024_or_above_speaks_only_for_such_ports(
    source: int, port: int, may: bool
) -> None:
    assert may_grant(source, port) is may

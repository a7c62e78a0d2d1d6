"""A policy in a file: what is wrong with it is told, all at once."""

from pathlib import Path

import pytest

from bridge.access.policy_file import read_policy_file
from bridge.config import ConfigError
from tests.access.policies import control, grant, policy


def faults(path: Path) -> list[str]:
    """The lines that the file is refused with, without what they begin with."""
    with pytest.raises(ConfigError) as caught:
        read_policy_file("game", path)
    start = f"daemons.game.policy: {path}: "
    assert all(line.startswith(start) for line in caught.value.faults)
    return [line.removeprefix(start) for line in caught.value.faults]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "policy.xml"


@pytest.mark.parametrize("end", [b"", b"\n", b"\0"])
def test_a_file_is_the_master_policy_and_may_grant_any_port(path: Path, end: bytes) -> None:
    path.write_bytes(policy(grant(), control("none")) + end)
    (served,) = read_policy_file("game", path).policies
    assert served.is_master
    assert served.opens_to_all(23)
    assert served.policy.meta == "none"
    assert served.place == f"the file {path}"


def test_a_file_that_cannot_be_read_is_told(path: Path) -> None:
    advice = "write the path of a policy file"
    assert faults(path) == [f"No such file or directory; {advice}"]
    assert faults(path.parent) == [f"Is a directory; {advice}"]


def test_a_file_that_is_no_policy_is_told(path: Path) -> None:
    path.write_bytes(b"<policy/>")
    assert faults(path) == ["its root element is 'policy', not cross-domain-policy"]


def test_a_file_that_is_too_long_is_told(path: Path) -> None:
    path.write_bytes(policy(" " * 20480))
    assert faults(path) == ["it is longer than 20480 bytes"]


def test_each_element_that_grants_nothing_is_told(path: Path) -> None:
    element = '<allow-access-from domain="*"/>'
    path.write_bytes(policy(grant(), element, grant("*.com"), "<x/>", control("some")))
    assert faults(path) == [
        "an allow-access-from grants nothing: it has no to-ports, which policies for sockets need",
        "an allow-access-from grants nothing: '*.com' would mean a whole top-level domain",
        "the element 'x' is not known",
        "permitted-cross-domain-policies='some' counts as none",
    ]

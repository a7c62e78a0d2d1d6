"""Which ports are asked, and what their answers come to."""

from collections.abc import Callable, Sequence
from socket import gaierror
from typing import TypeAlias

import pytest

from bridge.access.policy import Absent, Known, Served, Standing, Unknown
from bridge.access.policy_document import read_policy
from bridge.access.policy_inquiry import Inquiry, Place, settles
from bridge.host.never import Forbidden
from tests.access.policies import PolicyPort, control, grant, policy, policy_port
from tests.support.daemon import DaemonConnection
from tests.support.deadline import DEADLINE_S

KEEP_S = 100.0
NarrowInquiry: TypeAlias = Callable[..., Inquiry]

PLAY = policy(grant("play.example.com"))
TO_ALL = policy(grant("*"))


class Clock:
    """Stands still until it is advanced."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s

    def advance(self, seconds: float) -> None:
        self.now_s += seconds


async def loopback(host: str) -> Sequence[str]:
    """Every name is this machine's."""
    return ["127.0.0.1"]


@pytest.fixture
def now() -> Clock:
    return Clock()


@pytest.fixture
def inquiry(master: PolicyPort, own: PolicyPort, now: Clock) -> NarrowInquiry:
    """Makes inquiries after the two ports; one that is to be silent should have little time."""

    def make(timeout_s: float = DEADLINE_S, policy_port: int | None = None) -> Inquiry:
        place = Place("game.example.com", own.port, policy_port or master.port)
        return Inquiry(place, loopback, now, timeout_s=timeout_s, keep_s=KEEP_S)

    return make


def ports_of(standing: Standing) -> list[int]:
    """Where the policies came from that are known."""
    assert isinstance(standing, Known), standing
    return [served.port for served in standing.policies]


async def test_the_master_is_asked_first_and_both_answers_count(
    inquiry: NarrowInquiry, master: PolicyPort, own: PolicyPort
) -> None:
    master.answer = own.answer = PLAY
    standing = await inquiry().ask()
    assert ports_of(standing) == [master.port, own.port]
    assert isinstance(standing, Known)
    assert [served.is_master for served in standing.policies] == [True, False]
    assert standing.policies[0].place == f"the policy from port {master.port} of game.example.com"


@pytest.mark.parametrize(
    "answer",
    [
        policy(control("none")),
        policy(control("master-only"), grant("play.example.com")),
        policy(control("by-content-type")),
        TO_ALL,
        policy(control("all"), grant("*")),
    ],
)
async def test_the_daemon_itself_is_not_asked_where_the_master_has_said_all(
    inquiry: NarrowInquiry, master: PolicyPort, own: PolicyPort, answer: bytes
) -> None:
    master.answer = answer
    assert ports_of(await inquiry().ask()) == [master.port]
    assert own.daemon.connections == []


@pytest.mark.parametrize(
    "answer", [policy(), policy(grant("*", "1")), policy(grant("*", more="secure='true'"))]
)
async def test_the_daemon_itself_is_asked_where_the_master_leaves_something_open(
    inquiry: NarrowInquiry, master: PolicyPort, own: PolicyPort, answer: bytes
) -> None:
    master.answer, own.answer = answer, PLAY
    assert ports_of(await inquiry().ask()) == [master.port, own.port]


def test_a_master_leaves_open_what_its_port_cannot_grant() -> None:
    master = Served(read_policy(TO_ALL), 1024, "the policy", is_master=True)
    assert settles(master, 1024)
    assert not settles(master, 1023)


async def test_a_daemon_on_the_masters_port_is_asked_once(
    inquiry: NarrowInquiry, own: PolicyPort
) -> None:
    own.answer = PLAY
    assert ports_of(await inquiry(policy_port=own.port).ask()) == [own.port]
    assert own.questions == 1


async def test_the_daemon_itself_is_asked_where_there_is_no_master(
    inquiry: NarrowInquiry, own: PolicyPort, dead_port: int
) -> None:
    own.answer = PLAY
    assert ports_of(await inquiry(policy_port=dead_port).ask()) == [own.port]


async def test_the_daemon_itself_is_asked_where_the_master_is_silent(
    inquiry: NarrowInquiry, own: PolicyPort
) -> None:
    own.answer = PLAY
    assert ports_of(await inquiry(timeout_s=1).ask()) == [own.port]


async def test_never_are_two_connections_open_at_a_time(
    inquiry: NarrowInquiry, master: PolicyPort, own: PolicyPort
) -> None:
    master.answer = own.answer = PLAY
    lost: list[bool] = []

    def look(connection: DaemonConnection) -> None:
        lost.extend(other.is_at_eof or other.is_lost for other in master.daemon.connections)

    own.daemon.on_connect = look
    await inquiry().ask()
    assert lost == [True]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"<welcome/>", "its root element is 'welcome'"),
        (b"", "well-formed"),
        (b"\xff\xfe\x01garbage", "well-formed"),
        (b"x" * 30_000, "longer than 20480 bytes"),
        (b"<!DOCTYPE cross-domain-policy []><cross-domain-policy/>", "document type"),
    ],
)  # fmt: skip
async def test_a_daemon_that_answers_something_else_has_no_policy(
    inquiry: NarrowInquiry, own: PolicyPort, dead_port: int, answer: bytes, reason: str
) -> None:
    own.answer = answer
    standing = await inquiry(policy_port=dead_port).ask()
    assert isinstance(standing, Absent)
    assert reason in standing.reason


async def test_a_silent_daemon_has_no_policy(inquiry: NarrowInquiry, dead_port: int) -> None:
    assert isinstance(await inquiry(0.1, policy_port=dead_port).ask(), Absent)


async def test_of_a_daemon_that_is_down_nothing_is_known(
    inquiry: NarrowInquiry, dead_port: int, now: Clock
) -> None:
    place = Place("game.example.com", dead_port, dead_port)
    asked = Inquiry(place, loopback, now, timeout_s=DEADLINE_S, keep_s=KEEP_S)
    assert await asked.ask() == Unknown(f"port {dead_port} accepts no connection")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (gaierror(-2, "no such name"), "nowhere.invalid leads nowhere: no such name"),
        (UnicodeError("label too long"), "nowhere.invalid leads nowhere: label too long"),
        (TimeoutError(), f"nowhere.invalid was not looked up within {DEADLINE_S:g} s"),
        (Forbidden("it leads to 10.0.0.5"), "it leads to 10.0.0.5"),
    ],
    ids=["not known", "no name", "silence", "never"],
)
async def test_of_a_host_without_an_address_it_is_known_why(
    error: Exception, reason: str, now: Clock
) -> None:
    async def fail(host: str) -> Sequence[str]:
        raise error

    place = Place("nowhere.invalid", 9339, 843)
    asked = Inquiry(place, fail, now, timeout_s=DEADLINE_S, keep_s=KEEP_S)
    assert await asked.ask() == Unknown(reason)


# -- the last good answer


async def asked_while_up(now: Clock, dead_port: int) -> tuple[Inquiry, int]:
    """An inquiry that has had a policy from a daemon that is down now, and its port."""
    async with policy_port() as own:
        own.answer = PLAY
        place = Place("game.example.com", own.port, dead_port)
        inquiry = Inquiry(place, loopback, now, timeout_s=DEADLINE_S, keep_s=KEEP_S)
        assert ports_of(await inquiry.ask()) == [own.port]
    return inquiry, own.port


async def test_the_last_policy_counts_while_the_daemon_is_down(now: Clock, dead_port: int) -> None:
    inquiry, port = await asked_while_up(now, dead_port)
    now.advance(KEEP_S)
    assert ports_of(await inquiry.ask()) == [port]


async def test_the_last_policy_counts_no_longer_than_it_is_to_be_kept(
    now: Clock, dead_port: int
) -> None:
    inquiry, _ = await asked_while_up(now, dead_port)
    now.advance(KEEP_S + 1)
    assert isinstance(await inquiry.ask(), Unknown)


async def test_a_daemon_that_is_back_is_believed(now: Clock, dead_port: int) -> None:
    inquiry, port = await asked_while_up(now, dead_port)
    async with policy_port(port) as back:
        back.answer = policy()
        standing = await inquiry.ask()
    assert isinstance(standing, Known)
    assert standing.policies[0].policy.grants == ()


async def test_a_daemon_that_is_back_without_its_policy_has_none(
    now: Clock, dead_port: int
) -> None:
    inquiry, port = await asked_while_up(now, dead_port)
    async with policy_port(port) as back:
        back.answer = b"<welcome/>"
        assert isinstance(await inquiry.ask(), Absent)
    assert isinstance(await inquiry.ask(), Unknown)


async def test_a_daemon_that_has_fallen_silent_keeps_its_policy(
    inquiry: NarrowInquiry, own: PolicyPort, dead_port: int
) -> None:
    own.answer = PLAY
    asked = inquiry(timeout_s=1, policy_port=dead_port)
    await asked.ask()
    own.answer = None
    assert ports_of(await asked.ask()) == [own.port]


async def test_a_master_that_is_down_still_shuts_out_other_policies(
    now: Clock, own: PolicyPort
) -> None:
    own.answer = TO_ALL
    async with policy_port() as master:
        master.answer = policy(control("master-only"), grant("play.example.com"))
        place = Place("game.example.com", own.port, master.port)
        inquiry = Inquiry(place, loopback, now, timeout_s=DEADLINE_S, keep_s=KEEP_S)
        await inquiry.ask()
    assert ports_of(await inquiry.ask()) == [master.port]
    assert own.daemon.connections == []

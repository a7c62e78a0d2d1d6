"""The question for a policy, put to daemons that answer well, badly, or not at all."""

import asyncio

import pytest

from bridge.access.policy_document import MAX_POLICY_BYTES
from bridge.access.policy_request import REQUEST, Silent, Unreachable, ask
from tests.access.policies import PolicyPort, grant, policy
from tests.support.daemon import DaemonConnection, ScriptedDaemon
from tests.support.deadline import DEADLINE_S, within_deadline

LOOPBACK = ["127.0.0.1"]
BRIEFLY_S = 0.5
POLICY = policy(grant())


def answered_on_connect(daemon: ScriptedDaemon, data: bytes, end: str = "") -> None:
    """From now on each connection gets these bytes at once; `end` is a method that follows."""

    def answer(connection: DaemonConnection) -> None:
        connection.write(data)
        if end:
            getattr(connection, end)()

    daemon.on_connect = answer


async def test_a_policy_is_asked_for_as_flash_player_does(own: PolicyPort) -> None:
    own.answer = POLICY
    assert await ask(LOOPBACK, own.port, DEADLINE_S) == POLICY
    connection = await own.daemon.accepted()
    assert await connection.received(len(REQUEST)) == b"<policy-file-request/>\0"


async def test_the_connection_is_dropped_once_the_answer_is_there(own: PolicyPort) -> None:
    own.answer = POLICY
    await ask(LOOPBACK, own.port, DEADLINE_S)
    await (await own.daemon.accepted()).lost()


@pytest.mark.parametrize("end", ["close", "half_close"])
async def test_the_end_of_the_connection_ends_the_answer(own: PolicyPort, end: str) -> None:
    answered_on_connect(own.daemon, POLICY, end)
    assert await ask(LOOPBACK, own.port, DEADLINE_S) == POLICY


async def test_what_follows_the_zero_byte_is_not_read(own: PolicyPort) -> None:
    answered_on_connect(own.daemon, POLICY + b"\0<welcome/>\0")
    assert await ask(LOOPBACK, own.port, DEADLINE_S) == POLICY


async def test_a_greeting_is_taken_for_the_answer_as_flash_player_would(own: PolicyPort) -> None:
    own.answer = POLICY
    answered_on_connect(own.daemon, b"<welcome/>\0")
    assert await ask(LOOPBACK, own.port, DEADLINE_S) == b"<welcome/>"


async def test_an_answer_may_come_byte_by_byte(own: PolicyPort) -> None:
    asking = asyncio.ensure_future(ask(LOOPBACK, own.port, DEADLINE_S))
    connection = await own.daemon.accepted()
    await connection.send(bytes([byte]) for byte in POLICY + b"\0")
    assert await asking == POLICY


async def test_a_daemon_that_closes_without_a_word_answers_nothing(own: PolicyPort) -> None:
    answered_on_connect(own.daemon, b"", "close")
    assert await ask(LOOPBACK, own.port, DEADLINE_S) == b""


async def test_a_daemon_that_resets_the_connection_answers_nothing(own: PolicyPort) -> None:
    answered_on_connect(own.daemon, b"", "reset")
    assert await ask(LOOPBACK, own.port, DEADLINE_S) == b""


@pytest.mark.parametrize("end", [b"", b"\0"])
async def test_an_answer_too_long_for_a_policy_is_cut(own: PolicyPort, end: bytes) -> None:
    answered_on_connect(own.daemon, b" " * (1 << 20) + end)
    assert len(await ask(LOOPBACK, own.port, DEADLINE_S)) == MAX_POLICY_BYTES + 1
    await (await own.daemon.accepted()).lost()


async def test_an_endless_answer_is_cut(own: PolicyPort) -> None:
    asking = asyncio.ensure_future(ask(LOOPBACK, own.port, DEADLINE_S))
    connection = await own.daemon.accepted()
    async with within_deadline("the loss of the connection"):
        await connection.send(iter(lambda: b"x" * 4096, b""))
    assert len(await asking) == MAX_POLICY_BYTES + 1


async def test_a_silent_daemon_is_given_up_and_its_connection_dropped(own: PolicyPort) -> None:
    with pytest.raises(Silent, match=f"port {own.port} did not answer within 0.5 s"):
        await ask(LOOPBACK, own.port, BRIEFLY_S)
    await (await own.daemon.accepted()).lost()


async def test_a_daemon_that_never_finishes_is_given_up(own: PolicyPort) -> None:
    answered_on_connect(own.daemon, POLICY)
    with pytest.raises(Silent):
        await ask(LOOPBACK, own.port, BRIEFLY_S)


async def test_a_daemon_that_is_down_is_unreachable(dead_port: int) -> None:
    with pytest.raises(Unreachable, match=f"port {dead_port} accepts no connection"):
        await ask(LOOPBACK, dead_port, DEADLINE_S)


async def test_a_host_that_does_not_answer_is_unreachable(silent_port: int) -> None:
    with pytest.raises(Unreachable, match=f"port {silent_port} was not reached"):
        await ask(LOOPBACK, silent_port, BRIEFLY_S)


async def test_a_host_without_an_address_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        await ask([], 9339, DEADLINE_S)


async def test_the_first_address_that_accepts_is_asked(own: PolicyPort) -> None:
    own.answer = POLICY
    assert await ask(["127.0.0.2", "127.0.0.1"], own.port, DEADLINE_S) == POLICY


async def test_nothing_is_left_of_a_question_that_is_broken_off(own: PolicyPort) -> None:
    asking = asyncio.ensure_future(ask(LOOPBACK, own.port, DEADLINE_S))
    connection = await own.daemon.accepted()
    asking.cancel()
    await connection.lost()

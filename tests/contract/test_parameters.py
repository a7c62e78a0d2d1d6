"""Numbers in queries: ASCII digits, each parameter at most once; `wait` may be a decimal."""

import pytest

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client, Session
from tests.support.configured import MakeConfig
from tests.support.daemon import ScriptedDaemon
from tests.support.sockets import V1

NO_NUMBERS = [
    pytest.param("", id="empty"),
    pytest.param("x", id="a letter"),
    pytest.param("-1", id="negative"),
    pytest.param("%2B1", id="plus"),
    pytest.param("+1", id="space before"),
    pytest.param("1+", id="space after"),
    pytest.param("1_0", id="underscore"),
    pytest.param("0x1", id="hexadecimal"),
    pytest.param("1e1", id="exponent"),
    pytest.param("1,0", id="comma"),
    pytest.param("%D9%A1", id="arabic digit"),
    pytest.param("%EF%BC%91", id="fullwidth digit"),
    pytest.param("%C2%B2", id="superscript digit"),
    pytest.param("%FF", id="no UTF-8"),
    pytest.param("1%00", id="zero byte"),
]
NO_WHOLE_NUMBERS = [*NO_NUMBERS, pytest.param("1.0", id="decimal")]
NO_DECIMALS = [
    *NO_NUMBERS,
    pytest.param("nan", id="not a number"),
    pytest.param("inf", id="infinity"),
    pytest.param("1.2.3", id="two points"),
    pytest.param(".", id="a point alone"),
]


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    """A bridge that holds no request for long."""
    return start_bridge(config(wait_s=0.2))


async def assert_bad_parameter(session: Session, method: str, path: str, query: str) -> None:
    answer = await session.client.request(
        method, session.path + path, query, headers=session.with_key()
    )
    answer.problem(400, "bad-parameter")


@pytest.mark.parametrize("value", NO_WHOLE_NUMBERS)
async def test_an_ack_that_is_no_number_is_a_bad_parameter(session: Session, value: str) -> None:
    await assert_bad_parameter(session, "GET", "/messages", f"ack={value}")
    await assert_bad_parameter(session, "POST", "/messages", f"ack={value}")
    await assert_bad_parameter(session, "GET", "/events", f"ack={value}")


@pytest.mark.parametrize("value", NO_WHOLE_NUMBERS)
async def test_attaching_with_an_ack_that_is_no_number_is_a_bad_parameter(
    session: Session, value: str
) -> None:
    offered = [V1, f"key.{session.key}"]
    answer = await session.client.handshake(f"{session.path}/websocket", offered, f"ack={value}")
    answer.problem(400, "bad-parameter")


@pytest.mark.parametrize("value", NO_WHOLE_NUMBERS)
async def test_a_first_that_is_no_number_is_a_bad_parameter(session: Session, value: str) -> None:
    await assert_bad_parameter(session, "POST", "/messages", f"first={value}")


@pytest.mark.parametrize("value", NO_DECIMALS)
async def test_a_wait_that_is_no_decimal_is_a_bad_parameter(session: Session, value: str) -> None:
    await assert_bad_parameter(session, "GET", "/messages", f"wait={value}")
    await assert_bad_parameter(session, "POST", "/messages", f"wait={value}")


@pytest.mark.parametrize("value", NO_WHOLE_NUMBERS)
async def test_a_number_of_replies_that_is_none_is_a_bad_parameter(
    client: Client, daemon: ScriptedDaemon, value: str
) -> None:
    query = f"replies={value}&timeout=0.1"
    answer = await client.request("POST", "v1/daemons/chat/exchange", query)
    answer.problem(400, "bad-parameter")
    assert daemon.connections == []


@pytest.mark.parametrize("value", NO_DECIMALS)
async def test_a_timeout_that_is_no_decimal_is_a_bad_parameter(
    client: Client, daemon: ScriptedDaemon, value: str
) -> None:
    query = f"replies=1&timeout={value}"
    answer = await client.request("POST", "v1/daemons/chat/exchange", query)
    answer.problem(400, "bad-parameter")
    assert daemon.connections == []


@pytest.mark.parametrize("query", ["ack=0&ack=0", "wait=0&wait=0.1", "ack=0&wait=0&ack=0"])
async def test_a_parameter_given_twice_to_a_receive_is_a_bad_parameter(
    session: Session, query: str
) -> None:
    await assert_bad_parameter(session, "GET", "/messages", query)


@pytest.mark.parametrize("query", ["first=1&first=1", "ack=0&ack=0", "first=1&wait=0&wait=0"])
async def test_a_parameter_given_twice_to_a_send_is_a_bad_parameter_and_accepts_nothing(
    session: Session, daemon: ScriptedDaemon, query: str
) -> None:
    answer = await session.post(b"<a/>\0", query)
    answer.problem(400, "bad-parameter")
    assert answer.ack == 0


async def test_an_ack_given_twice_to_events_is_a_bad_parameter(session: Session) -> None:
    await assert_bad_parameter(session, "GET", "/events", "ack=0&ack=0")


@pytest.mark.parametrize("query", ["key={0}&key=x", "key=x&key={0}", "key={0}&key={0}"])
async def test_a_key_given_twice_to_events_is_a_bad_parameter(session: Session, query: str) -> None:
    query = query.format(session.key)
    answer = await session.client.request("GET", f"{session.path}/events", query)
    answer.problem(400, "bad-parameter")


async def test_an_ack_given_twice_to_a_handshake_is_a_bad_parameter(session: Session) -> None:
    offered = [V1, f"key.{session.key}"]
    answer = await session.client.handshake(f"{session.path}/websocket", offered, "ack=0&ack=0")
    answer.problem(400, "bad-parameter")


@pytest.mark.parametrize("query", ["replies=1&replies=1", "timeout=0.1&timeout=0.1"])
async def test_a_parameter_given_twice_to_an_exchange_is_a_bad_parameter(
    client: Client, daemon: ScriptedDaemon, query: str
) -> None:
    answer = await client.request("POST", "v1/daemons/chat/exchange", query)
    answer.problem(400, "bad-parameter")
    assert daemon.connections == []


@pytest.mark.parametrize("digits", [20, 5000])
async def test_a_number_of_many_digits_is_no_fault_of_the_bridge(
    session: Session, digits: int
) -> None:
    """Whether it is a gap or no number at all is not laid down."""
    for name in ("ack", "first", "wait"):
        answer = await session.post(b"<a/>\0", f"{name}=" + "9" * digits)
        assert answer.status in {204, 400, 409}
        assert answer.status == 204 or answer.media_type == "application/problem+json"


async def test_leading_zeros_are_digits(session: Session) -> None:
    (await session.post(b"<a/>\0", "first=01&ack=00")).empty()


@pytest.mark.parametrize("wait", ["0", "0.1", "1", "00.10", "100000"])
async def test_a_wait_is_capped_at_what_the_bridge_allows(session: Session, wait: str) -> None:
    answer = await session.client.request(
        "GET", session.messages_path, f"wait={wait}", session.with_key()
    )
    answer.empty()


async def test_the_timeout_of_an_exchange_is_capped_at_what_the_bridge_allows(
    client: Client, daemon: ScriptedDaemon
) -> None:
    answer = await client.exchange(b"<a/>", timeout_s=100_000)
    assert answer.status == 200
    assert answer.headers["XMLSocket-End"] == "timeout"

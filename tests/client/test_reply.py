"""What an answer means for the session."""

import json

import pytest

from bridge.client.outcome import Ended, Lost, Outcome
from bridge.client.reply import Reply, judge, read_reply, refusal

NO_REPLY = Reply()
PROBLEM = {"Content-Type": "application/problem+json"}


def problem(status: int, code: str, **headers: str) -> Reply:
    body = json.dumps({"code": code, "detail": "why"}).encode()
    return read_reply(status, {**PROBLEM, **headers}, body)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (NO_REPLY, Lost(worked=True)),
        (read_reply(200, {"Content-Type": "text/html"}, b"<p>Log in"), Lost(worked=True)),
        (read_reply(502, {"Retry-After": "4"}, b""), Lost(worked=True, retry_after_s=4)),
        (problem(410, "daemon-closed"), Ended("daemon-closed", "why")),
        (
            problem(410, "shutdown", **{"Retry-After": "9"}),
            Ended("shutdown", "why", retry_after_s=9),
        ),
        (problem(409, "displaced"), Lost(worked=True)),
        (
            problem(503, "slow-daemon", **{"Retry-After": "1"}),
            Lost(worked=True, retry_after_s=1),
        ),
        (problem(429, "rate-limited"), Lost(worked=True)),
        (problem(404, "unknown-session"), Ended("unknown-session", "why", failed=True)),
        (problem(409, "gap"), Ended("gap", "why", failed=True)),
    ],
)
def test_what_comes_of_an_answer_without_messages(reply: Reply, outcome: Outcome) -> None:
    assert judge(reply, worked=True) == outcome


def test_a_connection_that_never_worked_is_lost_as_such() -> None:
    assert judge(NO_REPLY, worked=False) == Lost(worked=False)


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (200, {"XMLSocket-First": "1"}, b"a\0"),
        (204, {"XMLSocket-Ack": "0"}, b""),
    ],
)
def test_an_answer_of_the_bridge_is_known_by_its_headers(
    status: int, headers: dict[str, str], body: bytes
) -> None:
    assert read_reply(status, headers, body).has_arrived


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (200, {}, b"a\0"),
        (200, {"XMLSocket-First": "x"}, b"a\0"),
        (200, {"XMLSocket-First": "٣"}, b"a\0"),
        (200, {"XMLSocket-First": "1"}, b"a\0b"),
        (204, {}, b""),
        (204, {"XMLSocket-Ack": "9" * 16}, b""),
    ],
)
def test_an_answer_of_somebody_else_is_none(
    status: int, headers: dict[str, str], body: bytes
) -> None:
    assert not read_reply(status, headers, body).has_arrived


@pytest.mark.parametrize("body", [b"", b"[]", b"[" * 100_000, b"\xff"], ids=lambda body: body[:5])
def test_a_problem_that_cannot_be_read_has_no_code(body: bytes) -> None:
    assert read_reply(500, PROBLEM, body).code is None


def test_why_no_session_was_opened_is_told() -> None:
    assert refusal(problem(404, "unknown-daemon")) == Ended("unknown-daemon", "why", failed=True)
    assert refusal(NO_REPLY).code == "unreachable"
    assert refusal(read_reply(404, {}, b"")).code == "unexpected-answer"


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_proxy_without_its_bridge_is_told_from_no_answer_and_from_the_bridge(status: int) -> None:
    end = refusal(read_reply(status, {"Retry-After": "4"}, b"<h1>Bad Gateway"))
    detail = f"HTTP status {status}: a proxy answers, but not the bridge behind it"
    assert end == Ended("unreachable", detail, failed=True, retry_after_s=4)
    assert refusal(problem(status, "daemon-timeout")).code == "daemon-timeout"


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (OSError(101, "unreachable"), "did not answer: Network is unreachable"),
        (TimeoutError(), "did not answer: no answer came in time"),
    ],
)
def test_what_came_in_place_of_an_answer_is_told_and_kept(error: Exception, why: str) -> None:
    end = refusal(Reply(error=error))
    assert end.detail == f"the bridge {why}"
    assert end.cause is error

"""What clients write becomes no line of the log, no sign to a terminal, no header of an answer."""

import json
import logging
import re

import pytest
from yarl import URL

from bridge.logs import JsonFormatter, TextFormatter
from tests.access.peers import all_that_came, peer
from tests.support.bridge import Config, RunningBridge, StartBridge

FORGED = "2026-01-01T00:00:00.000+00:00 INFO session opened id=a-forged"
LINE = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+\+00:00 (INFO|WARNING|ERROR) [ -~]*")
SIGNS = [
    *("\n", "\r", "\r\n", "\0", "\x07", "\x08", "\x1b[31m", "\x9b31m", "\x7f", "\x85"),
    *("\u2028", "\u2029", "\u202e", "\u200b", "\ufeff", "\ud800", '" id="', " id=", "\\", "'"),
]
ENCODED = [
    *("%0a", "%0d", "%0d%0a", "%1b%5b31m", "%c2%9b31m", "%07", "%00", "%e2%80%a8", "%e2%80%ae"),
    *("%22%20x%3d%22", "%ff", "%ed%a0%80", "%e5%98%8a%e5%98%8d"),
]
FIELDS = ["Origin", "User-Agent", "Referer", "X-Forwarded-For", "X-User", "Sec-WebSocket-Protocol"]


@pytest.fixture(scope="module")
def config(address: str) -> Config:
    auth = {"tokens": {"ada": "0123456789abcdef0123456789abcdef"}}
    daemons = {"chat": {"address": address}, "guarded": {"address": address, "auth": auth}}
    return {"daemons": daemons, "hosts": ["bridge.example.com"]}


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, config: Config) -> RunningBridge:
    return start_bridge(config)


@pytest.fixture
def fresh(start_bridge: StartBridge, config: Config) -> RunningBridge:
    """A bridge that has said nothing yet: each complaint is told once in a while."""
    return start_bridge(config)


async def answer(bridge: RunningBridge, target: str, *lines: bytes) -> bytes:
    """All that comes for an opening with these lines."""
    head = [f"POST {target} HTTP/1.1".encode(), b"Content-Length: 0", b"Connection: close"]
    async with peer(URL(bridge.url).explicit_port or 0) as (reader, writer):
        writer.write(b"\r\n".join([*head, *lines, b"", b""]))
        return await all_that_came(reader)


def record(text: str) -> logging.LogRecord:
    story = {"path": f"/v1/{text}", "origin": f"{text}{FORGED}", "reason": text, "user": text}
    story |= {"client": f"fe80::1%{text}", "detail": text}
    made = logging.LogRecord("bridge", logging.INFO, "", 0, "request refused", None, None)
    made.fields = story
    return made


@pytest.mark.parametrize("sign", SIGNS, ids=ascii)
def test_a_line_of_text_stays_one_with_its_own_fields_alone(sign: str) -> None:
    line = TextFormatter().format(record(sign))
    assert LINE.fullmatch(line)
    assert len(re.findall(r" id=", re.sub(r'"(\\.|[^"\\])*"', "", line))) == 0


@pytest.mark.parametrize("sign", SIGNS, ids=ascii)
def test_a_line_of_json_stays_one_object(sign: str) -> None:
    line = JsonFormatter().format(record(sign))
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["origin"] == f"{sign}{FORGED}"


async def test_the_log_of_a_bridge_has_nothing_but_lines_of_its_own(fresh: RunningBridge) -> None:
    for number, code in enumerate(ENCODED):
        host = b"Host: a" if number % 2 else b"Host: \x9b31m.example"
        name = f"chat{code}{FORGED.replace(' ', '%20')}"
        await answer(fresh, f"/v1/daemons/{name}/sessions", host)
    for field in FIELDS:
        for daemon in ("chat", "guarded"):
            lines = f"Host: a\r\n{field}: http://\x80\x9b31m\xff".encode("latin-1"), b"X: y"
            await answer(fresh, f"/v1/daemons/{daemon}/sessions", *lines)
    fresh.stop()
    refused = fresh.lines_with("request refused")
    assert {line.partition("code=")[2].split()[0] for line in refused} >= {
        *("unknown-daemon", "unknown-host", "origin-denied", "unauthenticated")
    }
    assert [line for line in fresh.log_lines if not LINE.fullmatch(line)] == []


@pytest.mark.parametrize("code", ENCODED)
@pytest.mark.parametrize("path", ["/v1/daemons/{}/sessions", "/v1/sessions/{}", "/{}"])
async def test_nothing_of_a_request_becomes_a_header_of_its_answer(
    bridge: RunningBridge, path: str, code: str
) -> None:
    target = path.format(f"a{code}X-Injected:%20yes{code}")
    for lines in ([b"Host: a"], [b"Host: a", b"Origin: http://a"]):
        head, _, body = (await answer(bridge, target, *lines)).partition(b"\r\n\r\n")
        names = {line.partition(b":")[0].lower() for line in head.split(b"\r\n")[1:]}
        assert b"x-injected" not in names
        assert all(32 <= byte < 127 for byte in head.replace(b"\r\n", b""))
        assert json.loads(body)["code"] in {"unknown-daemon", "method-not-allowed", "not-found"}

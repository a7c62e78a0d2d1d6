"""The bridge below a path of a site that exists already, by the lines in the head of site.conf.

The site compresses all that it can, lets everything be cached, and puts a page of its own in place
of errors.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.nginx.way import Session, Way, plain_way
from tests.support.answers import Answer
from tests.support.daemon import ScriptedDaemon
from tests.support.deadline import within_deadline
from tests.support.nginx import SHIPPED, RunningNginx

BASE: Final = "/bridge"
GZIP: Final = {"Accept-Encoding": "gzip"}
LONG: Final = b"<a>" + b"secret" * 10_000 + b"</a>"
SITE: Final = """\
include xmlsocket-bridge/upstream.conf;
gzip on;
gzip_types *;
expires 1h;
error_page 403 404 /;
proxy_intercept_errors on;
server {{
    listen 127.0.0.1:{port};
    {bridge}
    location / {{
        default_type text/plain;
        return 200 "a page of the site, long enough to be compressed";
    }}
}}
"""


def documented() -> str:
    """The locations that site.conf tells to add to a server."""
    text = (SHIPPED / "site.conf").read_text()
    found = re.findall(r"^# +(location .* \{ .* \})", text, re.MULTILINE)
    assert found, "site.conf tells no location"
    return "\n    ".join(found)


class NginxOfSite(RunningNginx):
    """Has a plain server alone."""

    def _install(self) -> None:
        super()._install()
        site = SITE.format(port=self.plain_port, bridge=documented())
        (self.folder / "xmlsocket-bridge" / "site.conf").write_text(site)


@pytest.fixture(scope="module")
def base_path() -> str:
    return f"{BASE}/"


@pytest.fixture(scope="module")
def way(bridge_socket: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    with NginxOfSite(tmp_path_factory.mktemp("nginx"), bridge_socket) as nginx:
        yield plain_way(nginx)


async def post_open(way: Way) -> Answer:
    answer = await way.http.post(f"{BASE}/v1/daemons/demo/sessions", headers=GZIP)
    assert answer.status == 201, answer
    return answer


def assert_plain(answer: Answer) -> None:
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("base", ["", BASE])
async def test_movies_find_the_policy_of_the_bridge_at_the_root_and_at_the_base(
    way: Way, base: str
) -> None:
    answer = await way.http.get(f"{base}/crossdomain.xml", GZIP)
    assert answer.status == 200, answer
    assert answer.media_type == "text/x-cross-domain-policy"
    assert_plain(answer)


async def test_the_rest_of_the_site_stays_its_own_and_compressed(way: Way) -> None:
    """What shows that a compressed answer of the bridge would have been noticed."""
    answer = await way.http.get("/v1/daemons", GZIP)
    assert answer.media_type == "text/plain"
    assert answer.headers["Content-Encoding"] == "gzip"


async def test_problems_are_told_in_the_words_of_the_bridge(way: Way) -> None:
    answer = await way.http.post(f"{BASE}/v1/daemons/nobody/sessions")
    answer.problem(404, "unknown-daemon")


async def test_a_session_is_kept_by_no_cache(way: Way, daemon: ScriptedDaemon) -> None:
    answer = await post_open(way)
    assert answer.headers.getall("Cache-Control") == ["no-store"]
    assert "Expires" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/v1/daemons", "/nothing"])
async def test_no_page_and_no_problem_of_the_bridge_is_compressed(way: Way, path: str) -> None:
    assert_plain(await way.http.get(BASE + path, GZIP))


async def test_no_key_and_no_message_is_compressed(way: Way, daemon: ScriptedDaemon) -> None:
    opened = await post_open(way)
    assert_plain(opened)
    (await daemon.accepted()).say(LONG)
    session = Session(way, opened.json()["id"], opened.json()["key"])
    path = f"{BASE}{session.path}/messages?wait=2"
    received = await way.http.get(path, {**session.bearer, **GZIP})
    assert_plain(received)
    assert received.messages == [LONG]


async def test_no_event_stream_is_compressed(way: Way, daemon: ScriptedDaemon) -> None:
    opened = (await post_open(way)).json()
    (await daemon.accepted()).say(b"<a/>")
    path = f"{BASE}/v1/sessions/{opened['id']}/events?key={opened['key']}"
    async with way.http.stream(path, GZIP) as stream, within_deadline("the event"):
        assert await stream.readuntil(b'data: "<a/>"')

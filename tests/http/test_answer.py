"""An answer goes out in one piece, framed as its request wants it."""

import asyncio
from unittest.mock import AsyncMock

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, make_mocked_request

from bridge.http.answer import Answer, http_date
from tests.support.deadline import within_deadline

BODY = b"<a/>\0"


async def written(answer: Answer, request: web.Request) -> tuple[list[str], bytes]:
    """The lines of the head, the first one first, and the body."""
    await answer.prepare(request)
    await answer.write_eof()
    write = request.writer.write
    assert isinstance(write, AsyncMock)
    (call,) = write.await_args_list
    head, _, body = call.args[0].partition(b"\r\n\r\n")
    return head.decode().split("\r\n"), body


def request(method: str = "GET") -> web.Request:
    """A request whose answer is written into a mock."""
    return make_mocked_request(method, "/", writer=AsyncMock())


async def lone_answer(_: web.Request) -> Answer:
    return Answer(204)


async def test_it_is_written_once_with_head_and_body() -> None:
    asked, answer = request(), Answer(body=BODY, content_type="a/b", headers={"X-More": "1"})
    (status, *fields), body = await written(answer, asked)
    assert (status, body) == ("HTTP/1.1 200 OK", BODY)
    assert {"Content-Type: a/b", "Content-Length: 5", "X-More: 1", "Vary: Origin"} <= set(fields)
    assert answer.prepared
    await written(answer, asked)


async def test_no_content_has_no_length() -> None:
    (status, *fields), body = await written(Answer(204), request())
    assert (status, body) == ("HTTP/1.1 204 No Content", b"")
    assert not any(field.startswith("Content-") for field in fields)


async def test_who_asks_for_the_head_gets_no_body() -> None:
    (_, *fields), body = await written(Answer(body=BODY), request("HEAD"))
    assert "Content-Length: 5" in fields
    assert body == b""


@pytest.mark.parametrize(
    ("version", "asked", "answered"),
    [
        ("1.1", "", ""),
        ("1.1", "close", "close"),
        ("1.0", "", "close"),
        ("1.0", "keep-alive", "keep-alive"),
    ],
)
async def test_whether_the_connection_stays_is_told_where_it_is_not_usual(
    version: str, asked: str, answered: str
) -> None:
    app = web.Application()
    app.router.add_get("/", lone_answer)
    async with TestServer(app) as server, within_deadline("two answers"):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        head = f"GET / HTTP/{version}\r\nHost: a\r\nConnection: {asked}\r\n\r\n".encode()
        writer.write(head)
        (status, *fields) = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        assert status == f"HTTP/{version} 204 No Content"
        told = [field for field in fields if field.startswith("Connection: ")]
        assert told == ([f"Connection: {answered}"] if answered else [])
        if answered == "close":
            assert await reader.read() == b""
        else:
            writer.write(head)
            await reader.readuntil(b"\r\n\r\n")
        writer.close()


async def test_one_that_closes_the_connection_says_so() -> None:
    answer = Answer(204)
    answer.force_close()
    (_, *fields), _ = await written(answer, request())
    assert "Connection: close" in fields
    assert not answer.keep_alive


@pytest.mark.parametrize("value", ["1\r\nX-Other: 2", "1\n", "1\r"])
async def test_a_field_that_would_be_more_than_a_line_is_not_written(value: str) -> None:
    asked = request()
    with pytest.raises(ValueError, match="line end"):
        await Answer(204, headers={"X-More": value}).prepare(asked)
    assert isinstance(asked.writer.write, AsyncMock)
    asked.writer.write.assert_not_awaited()


async def test_it_is_written_when_the_client_takes_more() -> None:
    asked, answer = request(), Answer(204)
    assert isinstance(asked.writer.drain, AsyncMock)
    takes_more = asyncio.Event()
    asked.writer.drain.side_effect = takes_more.wait
    writing = asyncio.ensure_future(answer.prepare(asked))
    await asyncio.sleep(0)
    assert not answer.prepared
    takes_more.set()
    await writing
    assert answer.prepared


async def test_what_could_not_be_written_is_not_taken_for_written() -> None:
    asked, answer = request(), Answer(204)
    assert isinstance(asked.writer.write, AsyncMock)
    asked.writer.write.side_effect = ConnectionResetError
    for _ in range(2):
        with pytest.raises(ConnectionResetError):
            await answer.prepare(asked)
    assert not answer.prepared


def test_a_date_is_told_as_http_has_it() -> None:
    assert http_date(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT"

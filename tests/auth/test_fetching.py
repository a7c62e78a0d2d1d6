"""What is taken from a server that the configuration names, and what is not."""

import pytest

from bridge.http.fetching import MAX_BYTES, fetch
from tests.auth.key_server import key_server


async def test_the_body_of_a_200_is_taken() -> None:
    async with key_server(b'{"keys": []}') as server:
        assert await fetch(server.url) == b'{"keys": []}'
        assert server.paths == ["/jwks.json"]


async def test_as_much_as_the_bound_is_taken_and_no_more() -> None:
    async with key_server(b"x" * MAX_BYTES) as server:
        assert len(await fetch(server.url)) == MAX_BYTES
    async with key_server(b"x" * (MAX_BYTES + 1)) as server:
        with pytest.raises(OSError, match="longer than"):
            await fetch(server.url)


async def test_an_endless_answer_is_left_at_the_bound() -> None:
    async with key_server(b"x" * (MAX_BYTES + 1)) as server:
        server.hangs = True
        with pytest.raises(OSError, match="longer than"):
            await fetch(server.url)


async def test_a_redirect_is_not_followed() -> None:
    async with key_server(b"the keys") as target:
        head = f"HTTP/1.1 302 Found\r\nLocation: {target.url}\r\nContent-Length: 0\r\n\r\n"
        async with key_server(answer=head.encode()) as server:
            with pytest.raises(OSError, match="302"):
                await fetch(server.url)
        assert target.paths == []


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", id="404"),
        pytest.param(b"SSH-2.0-OpenSSH\r\n", id="no HTTP"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", id="half of it"),
    ],
)
async def test_any_other_answer_is_an_error(answer: bytes) -> None:
    async with key_server(answer=answer) as server:
        with pytest.raises(OSError, match=r"\S"):
            await fetch(server.url)


async def test_a_port_where_nobody_listens_is_an_error(dead_port: int) -> None:
    with pytest.raises(OSError, match=str(dead_port)):
        await fetch(f"http://127.0.0.1:{dead_port}/")

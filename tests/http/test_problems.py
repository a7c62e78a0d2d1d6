"""A request that is refused leaves nothing behind."""

import gc
import time
import weakref
from collections.abc import Iterator

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from bridge.errors import Problem
from bridge.http.problems import answer_problems
from bridge.http.refusal_log import RefusalLog
from bridge.tunnel.directory import Directory


class Body:
    """What the handler had read before it refused."""


@pytest.fixture
def no_collections() -> Iterator[None]:
    """No garbage collection comes to help."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collections")
async def test_what_a_refused_request_held_is_free_at_once() -> None:
    held: list[weakref.ref[Body]] = []

    async def refuse(request: web.Request) -> web.StreamResponse:
        body = Body()
        held.append(weakref.ref(body))
        problem = Problem("gap", "no such message")
        raise problem

    answer = answer_problems(RefusalLog(Directory([]), time.monotonic))
    response = await answer(make_mocked_request("GET", "/"), refuse)
    assert response.status == 409
    assert held[0]() is None

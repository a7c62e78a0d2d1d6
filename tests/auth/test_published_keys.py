"""When a set of published keys is fetched, and which one counts meanwhile."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator

import pytest

from bridge.auth.published_keys import PROMPT_S, REFRESH_S, PublishedKeys
from tests.auth.issuer import EC_KEY, jwk
from tests.support.clock import SteppedLoop, turns

URL = "https://id.example.com/jwks.json"


class Issuer:
    """Publishes keys by these names, or is down."""

    def __init__(self) -> None:
        self.kids: list[str] | None = ["first"]
        self.asked = 0

    async def fetch(self, url: str) -> bytes:
        assert url == URL
        self.asked += 1
        if self.kids is None:
            raise OSError("it is down")
        return json.dumps({"keys": [jwk(EC_KEY, kid=kid) for kid in self.kids]}).encode()


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
async def keys(issuer: Issuer) -> AsyncIterator[PublishedKeys]:
    """Kept fresh since the time 0."""
    published = PublishedKeys("ES256", URL)
    running = asyncio.ensure_future(published.run(issuer.fetch))
    yield published
    running.cancel()
    await asyncio.wait([running])


@pytest.fixture
async def clock(keys: PublishedKeys) -> SteppedLoop:
    await turns()
    loop = asyncio.get_running_loop()
    assert isinstance(loop, SteppedLoop)
    return loop


async def test_keys_are_fetched_at_once(
    keys: PublishedKeys, issuer: Issuer, clock: SteppedLoop
) -> None:
    await keys.tried()
    assert keys.find("first") is not None
    assert issuer.asked == 1


async def test_a_set_is_fetched_again_when_it_is_old(
    keys: PublishedKeys, issuer: Issuer, clock: SteppedLoop
) -> None:
    await clock.pass_time(PROMPT_S)
    await clock.pass_time(REFRESH_S - PROMPT_S - 1)
    assert issuer.asked == 1
    issuer.kids = ["second"]
    await clock.pass_time(1)
    assert issuer.asked == 2
    assert (keys.find("first"), keys.find("second") is not None) == (None, True)


async def test_an_unknown_name_prompts_a_fetch_but_not_at_once(
    keys: PublishedKeys, issuer: Issuer, clock: SteppedLoop
) -> None:
    issuer.kids = ["first", "second"]
    for _ in range(100):
        assert keys.find("second") is None
    await clock.pass_time(PROMPT_S - 1)
    assert issuer.asked == 1
    await clock.pass_time(1)
    assert issuer.asked == 2
    assert keys.find("second") is not None


async def test_an_unknown_name_prompts_one_later_too(
    keys: PublishedKeys, issuer: Issuer, clock: SteppedLoop
) -> None:
    await clock.pass_time(PROMPT_S)
    await clock.pass_time(60)
    assert issuer.asked == 1
    keys.find("second")
    await turns()
    assert issuer.asked == 2


@pytest.mark.parametrize("kids", [None, []], ids=["is down", "has no keys"])
async def test_the_last_good_set_stays_while_the_issuer_has_none(
    keys: PublishedKeys,
    issuer: Issuer,
    clock: SteppedLoop,
    caplog: pytest.LogCaptureFixture,
    kids: list[str] | None,
) -> None:
    issuer.kids = kids
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            await clock.pass_time(PROMPT_S)
            await clock.pass_time(REFRESH_S - PROMPT_S)
    assert issuer.asked == 4
    assert keys.find("first") is not None
    assert len(caplog.records) == 3


async def test_an_issuer_that_is_down_at_first_is_asked_again_when_a_token_comes(
    issuer: Issuer,
) -> None:
    issuer.kids = None
    published = PublishedKeys("ES256", URL)
    running = asyncio.ensure_future(published.run(issuer.fetch))
    await published.tried()
    loop = asyncio.get_running_loop()
    assert isinstance(loop, SteppedLoop)
    assert published.find("first") is None
    issuer.kids = ["first"]
    await loop.pass_time(PROMPT_S)
    assert published.find("first") is not None
    running.cancel()
    await asyncio.wait([running])

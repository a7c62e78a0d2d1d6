"""A client that can resume: what it has sent, what it has got, and what any answer teaches it."""

import asyncio
import random
from typing import Final

import aiohttp
from multidict import CIMultiDict

from tests.soak.author import Author, Ledger
from tests.soak.plan import ClientPart, Plan
from tests.support.answers import Answer
from tests.support.clients import Client, Query, Session
from tests.support.daemon import framed

WAIT_S: Final = 0.8
HEARTBEAT_S: Final = 0.5
RESUME_S: Final = 5.0
LOG_BYTES: Final = 65_536
"""Of the bridge's configuration."""

PATIENCE_S: Final = WAIT_S + 0.7
"""A request that takes longer is given up."""
BATCH_BYTES: Final = 60_000
WINDOW_BYTES: Final = 262_144

FORGOTTEN: Final = "forgotten"
"""It came back so late that the bridge knew nothing of it any more."""

PASSING: Final = frozenset({408, 429, 502, 503, 504})
"""Statuses that say: later."""


class Violation(Exception):
    """A promise was broken."""


class ResumingClient:
    """The state of one session, seen from the client's side.

    `got` is the log of down messages, `acked` the highest up number that the bridge has accepted,
    `tried` the highest ever sent; `end` is the close code, once the bridge has told it.
    """

    def __init__(self, plan: Plan, part: ClientPart, index: int, http: Client, name: str) -> None:
        self.part = part
        self.http = http
        self.daemon_name = name
        self.is_text = plan.kind != "bytes"
        self.author = Author(f"c{plan.seed}.{index}", plan.kind, bad_share=plan.bad_share)
        self.up = [self.author.message(number) for number in range(1, part.up + 1)]
        self.got = Ledger()
        self.acked = 0
        self.tried = 0
        self.refused: set[int] = set()
        self.session: Session | None = None
        self.end: str | None = None
        self.silences_s: list[float] = [0.0]
        self.rng = random.Random(f"client {plan.seed} {index}")
        self._heard_at = asyncio.get_running_loop().time()

    def __repr__(self) -> str:
        session = self.session.id if self.session else None
        return (
            f"<ResumingClient {self.author.name} {session} end={self.end} got={self.got!r} "
            f"acked={self.acked}/{self.tried}/{self.part.up} silence={self.longest_silence_s:.1f}s>"
        )

    @property
    def longest_silence_s(self) -> float:
        """The longest time in which nothing came from the bridge."""
        return max(self.silences_s)

    @property
    def good(self) -> int:
        """How many of its messages may pass."""
        return sum(not self.author.is_bad(number) for number in range(1, self.part.up + 1))

    def adopt(self, session_id: str, key: str) -> None:
        """This is its session from now on."""
        self.session = Session(self.http, session_id, key)
        self.heard()

    def heard(self) -> None:
        """Something came from the bridge."""
        now = asyncio.get_running_loop().time()
        self.silences_s.append(now - self._heard_at)
        self._heard_at = now

    # -- down

    def take(self, first: int, messages: list[bytes]) -> None:
        """Messages numbered from `first`. Raises `Violation` for one left out or changed."""
        self.heard()
        for number, message in enumerate(messages, first):
            if number > len(self.got) + 1:
                raise Violation(f"down message {len(self.got) + 1} was left out: {self!r}")
            if number == len(self.got) + 1:
                self.got.add(message)
            elif not self.got.has(number, message):
                raise Violation(f"down message {number} has changed: {self!r}")

    # -- up

    def batch(self, after: int, room_bytes: int = BATCH_BYTES) -> list[bytes]:
        """The next messages that fit; the first one in any case."""
        messages = self.up[after : after + self.part.batch]
        while len(messages) > 1 and len(framed(messages)) > room_bytes:
            messages.pop()
        return messages

    def sent(self, last: int) -> None:
        """Messages up to this number are on their way."""
        self.tried = max(self.tried, last)

    def accepted(self, number: int) -> None:
        """The bridge has accepted all up to this number. Raises `Violation` for one never sent."""
        self.heard()
        if number > self.tried:
            raise Violation(f"up message {number} was accepted, but never sent: {self!r}")
        self.acked = max(self.acked, number)

    def reject(self, number: int) -> None:
        """The bridge has refused this one. Raises `Violation` if it was a good one."""
        if not self.author.is_bad(number):
            raise Violation(f"up message {number} was refused: {self!r}")
        self.refused.add(number)
        self.accepted(number)

    # -- requests

    async def request(self, method: str, query: Query = None, body: bytes = b"") -> bool:
        """Asks for its messages; returns whether there was an answer that lets it go on."""
        assert self.session is not None
        answer = await self.answer(
            method, self.session.messages_path, query, self.session.with_key(), body
        )
        return answer is not None and self.learn(answer)

    async def answer(
        self,
        method: str,
        path: str,
        query: Query = None,
        headers: dict[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer | None:
        """The answer to any request; `None` if none came, or not all of it."""
        try:
            async with (
                asyncio.timeout(PATIENCE_S),
                self.http.streamed(method, path, query, headers, body or None) as response,
            ):
                content = await response.read()
                return Answer(response.status, CIMultiDict(response.headers), content)
        except (aiohttp.ClientError, OSError, TimeoutError):
            return None

    async def ask(self) -> bool:
        """How the session stands."""
        return await self.request("GET", {"ack": len(self.got)})

    async def post(self, wait_s: float | None = None) -> bool:
        """Sends the next batch, and receives in the same request where `wait_s` says so."""
        messages = self.batch(self.acked)
        self.sent(self.acked + len(messages))
        query = {
            "first": self.acked + 1,
            "ack": len(self.got) if wait_s else None,
            "wait": wait_s,
        }
        return await self.request("POST", query, framed(messages))

    def learn(self, answer: Answer) -> bool:
        """Takes what an answer says. Raises `Violation` for one that must not be."""
        if "XMLSocket-Ack" in answer.headers:
            self.accepted(answer.ack)
        if answer.status == 200:
            self.take(answer.first, answer.messages)
        if answer.status < 300:
            return True
        problem = answer.json()
        if "message" in problem:
            self.reject(problem["message"])
            return True
        code = problem["code"]
        if answer.status == 410:
            self.end = code
        elif code == "unknown-session":
            self.heard()
            self.end = FORGOTTEN
        elif answer.status not in PASSING and code not in {"displaced", "ended"}:
            raise Violation(f"{answer} to {self!r}")
        return False

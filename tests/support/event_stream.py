"""A `text/event-stream` as EventSource reads it."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.support.deadline import within_deadline


@dataclass(frozen=True, slots=True)
class Event:
    """A dispatched event; `number` is its `id:` line, if it had one."""

    name: str
    data: Any
    number: int | None


class EventStream:
    """Parses one response; `n_comments` counts the comment lines seen so far."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response
        self.n_comments = 0
        self._lines = self._split_lines()

    async def next(self) -> Event | None:
        """The next event, or `None` when the stream has ended."""
        fields: dict[str, str] = {}
        async with within_deadline("an event"):
            async for line in self._lines:
                if line.startswith(":"):
                    self.n_comments += 1
                elif line:
                    name, _, value = line.partition(":")
                    value = value.removeprefix(" ")
                    fields[name] = fields[name] + "\n" + value if name in fields else value
                elif "data" in fields:
                    return _event(fields)
                else:
                    fields.clear()
        return None

    async def take(self, count: int) -> list[Event]:
        """The next `count` events, each of which is a message."""
        events = []
        for _ in range(count):
            event = await self.next()
            assert event is not None, "the stream ended early"
            assert event.name == "message", event
            events.append(event)
        return events

    async def commented(self, n_comments: int) -> None:
        """Returns after `n_comments` comment lines more; no event may come meanwhile."""
        goal = self.n_comments + n_comments
        async with within_deadline("a comment"):
            async for line in self._lines:
                assert not line or line.startswith(":"), line
                self.n_comments += line.startswith(":")
                if self.n_comments >= goal:
                    return

    async def _split_lines(self) -> AsyncIterator[str]:
        rest = b""
        async for chunk in self.response.content.iter_any():
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                yield line.removesuffix(b"\r").decode()


def _event(fields: dict[str, str]) -> Event:
    number = int(fields["id"]) if "id" in fields else None
    return Event(fields.get("event", "message"), json.loads(fields["data"]), number)

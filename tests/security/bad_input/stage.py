"""Where bad input is played: a bridge, a session that it is about, and one beside it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from multidict import CIMultiDict

from tests.access.peers import all_that_came, peer
from tests.support.answers import Answer
from tests.support.clients import Session
from tests.support.daemon import DaemonConnection

CUT_OFF: Final = "cut off"
"""What is got by whoever is told nothing and loses the connection."""


@dataclass(frozen=True, slots=True)
class Stage:
    """`connection` is the daemon's end of `session`; the `neighbour` has nothing to do with it.

    `ports` are those of the bridge: `http`, `policies`, and `proxied`, where trusted proxies begin
    with a PROXY header.
    """

    session: Session
    connection: DaemonConnection
    neighbour: Session
    ports: Mapping[str, int]
    folder: Path

    def filled(self, data: bytes) -> bytes:
        """With what is known only now."""
        known = {
            b"<ID>": self.session.id,
            b"<KEY>": self.session.key,
            b"<NEIGHBOURS-KEY>": self.neighbour.key,
        }
        for name, value in known.items():
            data = data.replace(name, value.encode())
        return data

    async def all_for(self, data: bytes, port: str) -> bytes:
        """All that comes for these bytes, over a connection of their own, to its end."""
        async with peer(self.ports[port]) as (reader, writer):
            writer.write(self.filled(data))
            return await all_that_came(reader)


class Row(Protocol):
    """One kind of bad input, and what it got. `of` names the daemon of the session that it is
    played to."""

    @property
    def kind(self) -> str: ...
    @property
    def got(self) -> str: ...
    @property
    def of(self) -> str: ...

    async def play(self, stage: Stage) -> str:
        """What it gets this time."""
        ...


def in_words(answers: bytes) -> str:
    """The answers of HTTP by status and code: `400 bad-json`, `200 then 404 unknown-daemon`."""
    return " then ".join(map(answer_in_words, answers_in(answers))) or CUT_OFF


def answers_in(data: bytes) -> Iterator[Answer]:
    """Complete answers, one after the other, as they came over a connection."""
    while data:
        head, end, data = data.partition(b"\r\n\r\n")
        assert end, head
        first, *lines = head.decode().split("\r\n")
        fields = (line.partition(": ") for line in lines)
        headers = CIMultiDict((name, value) for name, _, value in fields)
        length = int(headers.get("Content-Length", "0"))
        body, data = data[:length], data[length:]
        assert len(body) == length or not data  # behind HEAD is none
        yield Answer(int(first.split(" ")[1]), headers, body)


def answer_in_words(answer: Answer) -> str:
    """Its status, and the code of a problem."""
    is_problem = answer.media_type == "application/problem+json" and answer.body
    return (
        f"{answer.status} {json.loads(answer.body)['code']}" if is_problem else f"{answer.status}"
    )

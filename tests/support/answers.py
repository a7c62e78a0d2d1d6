"""What came back over HTTP, and the assertions that every test of an answer shares."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from multidict import CIMultiDict


@dataclass(frozen=True, slots=True)
class Answer:
    """One complete HTTP response."""

    status: int
    headers: CIMultiDict[str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0].strip()

    @property
    def messages(self) -> list[bytes]:
        """The messages of a 200 in the default body."""
        assert self.status == 200, self
        assert self.media_type == "application/vnd.xmlsocket"
        assert self.body.endswith(b"\0")
        return self.body[:-1].split(b"\0")

    @property
    def first(self) -> int:
        return int(self.headers["XMLSocket-First"])

    @property
    def ack(self) -> int:
        return int(self.headers["XMLSocket-Ack"])

    def json(self) -> Any:
        return json.loads(self.body)

    def problem(self, status: int, code: str | None = None) -> dict[str, Any]:
        """Asserts that this is a problem of this status and code, with all its members."""
        assert self.status == status, self
        assert self.media_type == "application/problem+json", self
        problem: dict[str, Any] = self.json()
        assert problem["status"] == status
        assert {"type", "title", "detail", "code"} <= problem.keys()
        assert all(isinstance(problem[name], str) for name in ("type", "title", "detail", "code"))
        assert "no-store" in self.headers["Cache-Control"]
        if code is not None:
            assert problem["code"] == code, problem
        return problem

    def gap(self) -> dict[str, Any]:
        """Asserts that this is the problem of a number out of range."""
        return self.problem(409, "gap")

    def empty(self) -> None:
        """Asserts that this is a 204."""
        assert self.status == 204, self
        assert self.body == b""

    def without_date(self) -> tuple[int, Mapping[str, str], bytes]:
        """All of the answer that may not differ between two requests answered alike."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        headers.pop("date", None)
        return self.status, headers, self.body

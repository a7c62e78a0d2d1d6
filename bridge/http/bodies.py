"""What a request's and an answer's bodies are made of: messages as they are, or JSON."""

import json
from collections.abc import Mapping

from aiohttp import web

from bridge.errors import Problem
from bridge.http.answer import Answer
from bridge.protocol.bodies import JSON, XMLSOCKET, encode_json, is_json, prefers_json
from bridge.tunnel.directory import Daemon


def check_media_types(request: web.Request, daemon: Daemon, *, up: bool, down: bool) -> None:
    """JSON holds text alone. Raises `unsupported-media-type` or `not-acceptable` for a daemon
    whose messages are bytes."""
    if daemon.guard.is_text:
        return
    if up and sends_json(request):
        raise Problem("unsupported-media-type", f"the messages of {daemon.name} are not text")
    if down and answers_json(request):
        raise not_text(daemon)


def not_text(daemon: Daemon) -> Problem:
    """What is told who wants text of a daemon that speaks bytes."""
    return Problem("not-acceptable", f"the messages of {daemon.name} are not text")


def sends_json(request: web.Request) -> bool:
    """Whether up messages come as JSON."""
    return is_json(request.headers.get("Content-Type", ""))


def answers_json(request: web.Request) -> bool:
    """Whether down messages go out as JSON."""
    return prefers_json(",".join(request.headers.getall("Accept", [])))


def messages_answer(
    request: web.Request,
    first: int,
    batch: bytes,
    ack: int,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """200 with messages numbered from `first`, in the form that the client accepts; `ack` is the
    highest up number accepted."""
    content_type, body = XMLSOCKET, batch
    if answers_json(request):
        content_type, body = JSON, encode_json(first, batch, ack)
    fields = {"XMLSocket-First": str(first), **(headers or {})}
    return Answer(body=body, content_type=content_type, headers=fields)


def json_answer(
    document: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Answer:
    """JSON with a line end, so that it looks well in a terminal."""
    body = json.dumps(document).encode() + b"\n"
    content_type = "application/json; charset=utf-8"
    return Answer(status, body=body, content_type=content_type, headers=headers)

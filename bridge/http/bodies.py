"""Reading a request's body: bounded in bytes, also after inflation, and in time."""

import asyncio
from collections.abc import Mapping
from typing import NamedTuple

from aiohttp import web

from bridge.config import Config
from bridge.errors import Problem
from bridge.protocol.bodies import (
    JSON,
    XMLSOCKET,
    UpBody,
    decode_batch,
    decode_json,
    encode_json,
    is_json,
    prefers_json,
)
from bridge.protocol.checks import Guard
from bridge.protocol.inflate import WINDOW_BITS, BadEncoding, Inflater
from bridge.tunnel.directory import Daemon


class Body(NamedTuple):
    """What came, and whether that was all: `max_body_bytes` and a little more at most."""

    data: bytes
    complete: bool


def check_media_types(request: web.Request, daemon: Daemon, *, up: bool, down: bool) -> None:
    """JSON holds text alone. Raises `unsupported-media-type` or `not-acceptable` for a daemon
    whose messages are bytes."""
    if daemon.guard.is_text:
        return
    if up and sends_json(request):
        raise Problem("unsupported-media-type", f"the messages of {daemon.name} are not text")
    if down and answers_json(request):
        raise Problem("not-acceptable", f"the messages of {daemon.name} are not text")


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
) -> web.Response:
    """200 with messages numbered from `first`, in the form that the client accepts; `ack` is the
    highest up number accepted."""
    content_type, body = XMLSOCKET, batch
    if answers_json(request):
        content_type, body = JSON, encode_json(first, batch, ack)
    return web.Response(
        body=body,
        content_type=content_type,
        headers={"XMLSocket-First": str(first), **(headers or {})},
    )


async def read_messages(request: web.Request, config: Config, guard: Guard) -> UpBody:
    """The messages of the body. Raises `unterminated`, `bad-json`, `body-too-big`, `bad-body` or
    `request-timeout`; nothing is accepted then."""
    body = await read(request, config)
    if not body.complete:
        return cut_at_oversize(request, body.data, guard)
    if sends_json(request):
        return decode_json(body.data)
    return decode_batch(body.data)


async def read(request: web.Request, config: Config) -> Body:
    """The body, inflated where it came with a `Content-Encoding`."""
    inflater = inflater_for(request, config)
    pieces: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(config.body_timeout_s):
            async for piece in request.content.iter_any():
                pieces.append(inflater.feed(piece) if inflater else piece)
                size += len(pieces[-1])
                if size > config.max_body_bytes:
                    return Body(b"".join(pieces), complete=False)
        if inflater:
            inflater.finish()
    except TimeoutError:
        detail = f"the body did not arrive within {config.body_timeout_s:g} s"
        raise Problem("request-timeout", detail) from None
    except BadEncoding as error:
        raise Problem("bad-body", f"the body cannot be inflated: {error}") from None
    except web.RequestPayloadError:
        raise Problem("bad-body", "the body is not what its header section announced") from None
    return Body(b"".join(pieces), complete=True)


def inflater_for(request: web.Request, config: Config) -> Inflater | None:
    """What undoes the body's coding. Raises `unsupported-media-type` for one we do not know."""
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding in {"identity", ""}:
        return None
    if encoding not in WINDOW_BITS:
        raise Problem(
            "unsupported-media-type",
            "the body may be compressed by gzip or deflate only",
            headers={"Accept-Encoding": "gzip, deflate"},
        )
    return Inflater(encoding, config.max_body_bytes)


def cut_at_oversize(request: web.Request, data: bytes, guard: Guard) -> UpBody:
    """The body is above its limit. If that is one message's doing, say so: the messages in front of
    it are good. Otherwise raise `body-too-big`."""
    end = data.rfind(0) + 1
    if not sends_json(request):
        if len(data) - end > guard.max_message_bytes:
            return UpBody(data[:end], guard.oversize())
        if any(len(message) > guard.max_message_bytes for message in data[:end].split(b"\0")):
            return UpBody(data[:end])
    raise Problem("body-too-big", "send the messages in several requests")

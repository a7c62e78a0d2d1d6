"""Which address leads where: the HTTP application of a bridge."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from aiohttp import web

from bridge.access.hosts import Hosts
from bridge.access.proxies import TrustedProxies
from bridge.auth.authentication import Authentication
from bridge.config import Config
from bridge.http.answer import Answer, add_common_fields
from bridge.http.client_address import INTRODUCTIONS, PROXIES
from bridge.http.credentials import subprotocols
from bridge.http.crossdomain import FILE, CrossDomain
from bridge.http.delivery import deliver_within
from bridge.http.doctor import Doctor
from bridge.http.gate import Gate
from bridge.http.handler import Handler
from bridge.http.head_timeout import HeadTimeout
from bridge.http.origin import HOSTS, check_host
from bridge.http.other_methods import OtherMethods
from bridge.http.pages import INDEX, load_pages
from bridge.http.preflight import Preflight
from bridge.http.problems import answer_expect, answer_problems
from bridge.http.proxy_protocol import Introductions
from bridge.http.refusal_log import RefusalLog
from bridge.http.ruffle_script import ruffle_pages
from bridge.http.takeover import Takeover
from bridge.http.versions import check_version
from bridge.protocol.handshake import V1
from bridge.transports.event_stream import EventStream
from bridge.transports.exchange import Exchange
from bridge.transports.long_poll import LongPoll
from bridge.transports.sessions import Sessions
from bridge.transports.tickets import TicketDesk
from bridge.transports.websocket_plain import WebSocketPlain
from bridge.transports.websocket_raw import WebSocketRaw
from bridge.transports.websocket_v1 import WebSocketV1


@dataclass(frozen=True, slots=True)
class Parts:
    """What the handlers are made from. `policy` is what the bridge serves to Flash by HTTP;
    `introductions` there is only where proxies make them."""

    config: Config
    gate: Gate
    authentication: Authentication
    takeover: Takeover
    doctor: Doctor
    policy: bytes
    introductions: Introductions | None
    head_timeout: HeadTimeout


class Route(NamedTuple):
    """`path` is absolute."""

    method: str
    path: str
    handler: Handler


def application(parts: Parts) -> web.Application:
    """All that a bridge answers."""
    config = parts.config
    found = web.Application(
        middlewares=[
            parts.head_timeout.note,
            deliver_within(config.resume_s),
            parts.gate.note_any_origin,
            answer_problems(RefusalLog(parts.gate.directory, asyncio.get_running_loop().time)),
            check_version,
            check_host,
        ]
    )
    found[HOSTS] = Hosts.configured(config)
    found[PROXIES] = TrustedProxies(config.trusted_proxies)
    if parts.introductions is not None:
        found[INTRODUCTIONS] = parts.introductions
    found.on_response_prepare.append(add_common_fields)
    ours = [*wire_contract(parts), *for_the_doctor(parts)]
    routes = [*ours, *preflights(parts, ours), *for_movies(parts), *for_people(config)]
    for route in [*routes, *refusals(parts, routes)]:
        found.router.add_route(*route, expect_handler=answer_expect)
    return found


def preflights(parts: Parts, routes: Sequence[Route]) -> Iterator[Route]:
    """For all addresses that pages of other hosts may use."""
    answer = Preflight(parts.gate).answer
    for path in dict.fromkeys(route.path for route in routes):
        yield Route("OPTIONS", path, answer)


def refusals(parts: Parts, routes: Sequence[Route]) -> Iterator[Route]:
    """For all that is no route. aiohttp would refuse that, too, but meet an `Expect` in its own
    words before."""
    for path in dict.fromkeys(route.path for route in routes):
        methods = [route.method for route in routes if route.path == path]
        yield Route("*", path, OtherMethods(parts.gate, methods).refuse)
    yield Route("*", "/{elsewhere:.*}", nowhere)


async def nowhere(request: web.Request) -> NoReturn:
    """Raises 404."""
    raise web.HTTPNotFound


def wire_contract(parts: Parts) -> Iterator[Route]:
    """What docs/protocol.md is about."""
    config, gate, takeover = parts.config, parts.gate, parts.takeover
    v1, plain = WebSocketV1(gate, takeover), WebSocketPlain(gate, takeover)

    async def websocket(request: web.Request) -> web.StreamResponse:
        return await (v1 if V1 in subprotocols(request) else plain).open(request)

    sessions, long_poll = Sessions(gate, config.base_path), LongPoll(gate, config)
    root = f"{config.base_path}v1/"
    one_daemon, one_session = f"{root}daemons/{{daemon}}", f"{root}sessions/{{id}}"
    yield Route("GET", f"{root}daemons", sessions.list_daemons)
    yield Route("POST", f"{root}tickets", TicketDesk(gate, parts.authentication).issue)
    yield Route("POST", f"{one_daemon}/sessions", sessions.open)
    yield Route("POST", f"{one_daemon}/exchange", Exchange(gate, config).exchange)
    yield Route("GET", f"{one_daemon}/websocket", websocket)
    yield Route("GET", f"{one_daemon}/raw", WebSocketRaw(gate, takeover).open)
    yield Route("DELETE", one_session, sessions.close)
    yield Route("GET", f"{one_session}/messages", long_poll.receive)
    yield Route("POST", f"{one_session}/messages", long_poll.send)
    yield Route("GET", f"{one_session}/events", EventStream(gate, config).stream)
    yield Route("GET", f"{one_session}/websocket", v1.attach)


def for_the_doctor(parts: Parts) -> Iterator[Route]:
    """What the way to the bridge is examined with."""
    root, doctor = f"{parts.config.base_path}v1/doctor", parts.doctor
    yield Route("GET", root, doctor.terms)
    yield Route("POST", f"{root}/echo", doctor.echo)
    yield Route("GET", f"{root}/quiet", doctor.quiet)
    yield Route("GET", f"{root}/stream", doctor.stream)
    yield Route("GET", f"{root}/websocket", doctor.websocket)


def for_movies(parts: Parts) -> Iterator[Route]:
    """What Flash Player asks for, at the root whatever the base path, and Ruffle's pages load."""
    base, cross_domain = parts.config.base_path, CrossDomain(parts.policy)
    for path in dict.fromkeys(["/" + FILE, base + FILE]):
        yield Route("GET", path, cross_domain.get)
    for page in ruffle_pages(parts.config):
        yield Route("GET", base + page.path, page.get)


def for_people(config: Config) -> Iterator[Route]:
    """The pages, each without its `.html`."""
    if not config.console:
        return
    base = config.base_path
    for page in load_pages():
        path = "" if page.path == INDEX else page.path.removesuffix(".html")
        yield Route("GET", base + path, page.get)
    if base != "/":
        yield Route("GET", base.rstrip("/"), redirect_to(base))


def redirect_to(path: str) -> Handler:
    """Sends those on who left out the slash at the end."""

    async def redirect(request: web.Request) -> web.StreamResponse:
        return Answer(308, headers={"Location": path})

    return redirect

"""Compares what both ends hold when a plan is over: every message once and in order, or the session
has ended with a code that says why, and both ends know up to which number."""

from collections.abc import Iterator, Sequence
from typing import Final

from tests.soak.author import Ledger
from tests.soak.bound import BoundClient
from tests.soak.client import FORGOTTEN, LOG_BYTES, RESUME_S, ResumingClient
from tests.soak.daemon import Cast, Role
from tests.soak.life import Life
from tests.soak.plan import Plan

SLACK_S: Final = 1.0
"""The bridge counts from when it last saw the client, who may have heard of it so much later."""


def verdict(
    plan: Plan,
    cast: Cast,
    clients: Sequence[ResumingClient],
    bound: Sequence[BoundClient],
) -> Iterator[str]:
    """One line for each promise that was broken."""
    known = set[Role]()
    for client in clients:
        found = cast.between(client.author.name, client.got)
        known.update(found)
        yield from (f"{fault}: {client!r} {found}" for fault in session_faults(plan, client, found))
    for one in bound:
        found = cast.between(one.name, one.got)
        known.update(found)
        yield from (f"{fault}: {one!r} {found}" for fault in bound_faults(one, found))
    for role in cast.roles:
        if role not in known and role.heard.writer is not None:
            yield f"nobody has said what the daemon heard: {role!r}"


def session_faults(plan: Plan, client: ResumingClient, roles: Sequence[Role]) -> Iterator[str]:
    """What is wrong with a session that can be resumed."""
    if len(roles) > 1:
        yield "one session, several connections to the daemon"
    for role in roles[:1]:
        if not client.got.begins_like(role.said):
            yield "down messages were lost, doubled or out of order"
        if not role.heard.begins_like(passable(client, client.tried)):
            yield "up messages were lost, doubled or out of order"
        yield from end_faults(plan, client, role)
    if not roles and (client.got.writer or must_be_heard(plan, client)):
        yield "no daemon knows of it"


def must_be_heard(plan: Plan, client: ResumingClient) -> bool:
    """Whether the daemon reads something of what the bridge accepted."""
    has_said = passable(client, client.acked).writer is not None
    return has_said and not Life(plan, client).daemon_stalls


def passable(client: ResumingClient, last: int) -> Ledger:
    """The log of the client's messages up to this number, without those to be refused."""
    log = Ledger()
    for number, message in enumerate(client.up[:last], 1):
        if not client.author.is_bad(number):
            log.add(message)
    return log


def end_faults(plan: Plan, client: ResumingClient, role: Role) -> Iterator[str]:
    """Whether the end is one that the plan brings about, and whether both sides know how far they
    got: the daemon has all that was accepted, the client all that a kept tail holds."""
    life = Life(plan, client)
    ending = plan.daemon.ending
    daemon_has_all = len(role.heard) == len(passable(client, client.acked))
    client_has_all = len(client.got) == len(role.said)
    reads_on = not life.daemon_stalls  # or else the client closes when it has no more to send
    match client.end:
        case "client-closed":
            possible = life.is_done
            whole = not reads_on or (daemon_has_all and client_has_all)
        case "daemon-closed" if ending == "half-close":
            possible, whole = True, not reads_on or (client_has_all and daemon_has_all)
        case "daemon-closed":
            nothing_in_flight = plan.daemon.ends_after == client.good == len(role.heard)
            possible = ending == "close"
            whole = not reads_on or client_has_all or not nothing_in_flight
        case "daemon-error":
            possible, whole = ending in {"close", "reset"}, True
        case "slow-client":
            possible = role.said.bytes >= LOG_BYTES
            whole = daemon_has_all or not reads_on or role.has_ended
        case "slow-daemon":
            possible, whole = life.daemon_stalls, True
        case "abandoned":
            possible = client.longest_silence_s >= RESUME_S - SLACK_S
            whole = daemon_has_all or not reads_on or role.has_ended
        case code:
            possible = code == FORGOTTEN and client.longest_silence_s >= RESUME_S - SLACK_S
            whole = True
    if not possible:
        yield f"it should not have ended with {client.end}"
    if not whole:
        yield "not all arrived that was accepted, or kept"


def bound_faults(one: BoundClient, roles: Sequence[Role]) -> Iterator[str]:
    """What is wrong with a connection that cannot be resumed. An exchange that the network doubles
    reaches the daemon twice."""
    if len(roles) > 1 and one.kind != "exchange":
        yield "one socket, several connections to the daemon"
    for role in roles:
        if not role.heard.begins_like(one.sent):
            yield "up messages were lost, doubled or out of order"
        if role.said.writer == one.got.writer:
            if not one.got.begins_like(role.said):
                yield "down messages were lost, doubled or out of order"
            is_calm = one.is_whole and not role.is_stalled_for_good and not role.has_ended
            if is_calm and len(role.heard) < len(one.sent):
                yield "not all arrived, though nothing broke"

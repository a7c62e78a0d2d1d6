"""Who takes part: what each system is called in the tables, and how the load speaks to it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bench.client import Kind, Work
from bench.contender import Contender
from bench.peers.bridge import BRIDGE
from bench.peers.forwarder import FORWARDER
from bench.peers.haproxy import HAPROXY
from bench.peers.node import NODE
from bench.peers.peer import Peer
from bench.peers.websocat import BINARY, TEXT
from bench.peers.websockify import WEBSOCKIFY
from bench.target import Target

# How the names of its contenders begin.
PLAINLY: Final = "bridge"
CHECKING: Final = "bridge xml"


def bridge(kind: Kind, like: Work, sort: str = "text", note: str = "") -> Contender:
    """This bridge; `sort` is that of the daemon's messages, `note` goes behind the name."""
    daemon = f"/v1/daemons/{sort}"
    paths: dict[Kind, str] = {
        "plain": f"{daemon}/websocket",
        "v1": f"{daemon}/websocket",
        "raw": f"{daemon}/raw",
    }
    words = [CHECKING if sort == "xml" else PLAINLY, kind.replace("-combined", " combined"), note]
    work = replace(like, kind=kind, path=paths.get(kind, daemon))
    return Contender(" ".join(words).rstrip(), BRIDGE, work)


def checking(target: Target) -> Target:
    """The same about this bridge when it checks that messages are XML."""
    contender, beside = (
        name.replace(PLAINLY, CHECKING, 1) for name in (target.contender, target.beside)
    )
    return replace(target, contender=contender, beside=beside)


def peer(system: Peer, kind: Kind, like: Work) -> Contender:
    """Another system under the same load."""
    path = "/engine.io/" if kind == "engine.io" else "/"
    return Contender(system.name, system, replace(like, kind=kind, path=path))


def relays(like: Work) -> Sequence[Contender]:
    """The other bridges between WebSocket and TCP, and the two limits, which carry bytes as they
    are."""
    return [
        peer(TEXT, "plain", like),
        peer(BINARY, "plain-binary", like),
        peer(WEBSOCKIFY, "plain-binary", like),
        peer(NODE, "plain", like),
        peer(HAPROXY, "tcp", like),
        peer(FORWARDER, "tcp", like),
    ]

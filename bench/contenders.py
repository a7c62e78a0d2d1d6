"""Who takes part: what each system is called in the tables, and how the load speaks to it."""

from collections.abc import Sequence
from dataclasses import replace

from bench.client import Kind, Work
from bench.contender import Contender
from bench.peers.bridge import BRIDGE
from bench.peers.forwarder import FORWARDER
from bench.peers.haproxy import HAPROXY
from bench.peers.node import NODE
from bench.peers.peer import Peer
from bench.peers.websocat import BINARY, TEXT
from bench.peers.websockify import WEBSOCKIFY


def bridge(kind: Kind, like: Work, sort: str = "text", note: str = "") -> Contender:
    """This bridge; `sort` is that of the daemon's messages, `note` goes behind the name."""
    daemon = f"/v1/daemons/{sort}"
    paths: dict[Kind, str] = {
        "plain": f"{daemon}/websocket",
        "v1": f"{daemon}/websocket",
        "raw": f"{daemon}/raw",
    }
    words = ["bridge", kind.replace("-combined", ", combined"), "xml" * (sort == "xml"), note]
    work = replace(like, kind=kind, path=paths.get(kind, daemon))
    return Contender(" ".join(filter(None, words)), BRIDGE, work)


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

"""Who takes part: what each system is called in the tables, and how the load speaks to it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from bench.client import Kind, Work
from bench.contender import Contender
from bench.peers.bridge import BRIDGE, INTERPRETED
from bench.peers.forwarder import FORWARDER
from bench.peers.haproxy import HAPROXY
from bench.peers.node import NODE
from bench.peers.peer import Peer
from bench.peers.websocat import BINARY, TEXT
from bench.peers.websockify import WEBSOCKIFY
from bench.target import Target

Variant = Literal["xml", "interpreted"]
"""The bridge when it checks that messages are XML; when it has not been compiled."""


def bridge(kind: Kind, like: Work, variant: Variant | None = None, note: str = "") -> Contender:
    """This bridge, compiled; `note` goes behind the name."""
    sort = "xml" if variant == "xml" else "text"
    daemon = f"/v1/daemons/{sort}"
    paths: dict[Kind, str] = {
        "plain": f"{daemon}/websocket",
        "v1": f"{daemon}/websocket",
        "raw": f"{daemon}/raw",
    }
    words = [BRIDGE.name, variant or "", kind.replace("-combined", " combined"), note]
    work = replace(like, kind=kind, path=paths.get(kind, daemon))
    own = INTERPRETED if variant == "interpreted" else BRIDGE
    return Contender(" ".join(filter(None, words)), own, work)


def about(variant: Variant, target: Target) -> Target:
    """The same target for a variant of this bridge."""
    contender, beside = (
        name.replace(BRIDGE.name, f"{BRIDGE.name} {variant}", 1)
        for name in (target.contender, target.beside)
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

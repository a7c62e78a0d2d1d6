"""All that is measured, and what is aimed at."""

from typing import Final

from bench.client import Work
from bench.contenders import bridge, peer, relays
from bench.figure import Figure
from bench.measures import idling, opening, pushing, traffic
from bench.peers.forwarder import FORWARDER
from bench.peers.haproxy import HAPROXY
from bench.peers.node import ENGINE, NODE
from bench.peers.websocat import BINARY, TEXT
from bench.peers.websockify import WEBSOCKIFY
from bench.scenario import Scenario
from bench.target import Target

SINGLE: Final = Work("plain", clients=100)
BATCH: Final = Work("plain", clients=100, batch=100)
LARGE: Final = Work("plain", clients=100, size_bytes=16 * 1024)
POLLING: Final = Work("long-poll", clients=50)
FEW: Final = Work("plain", clients=50)
CROWD: Final = Work("plain", clients=5000, busy=50)
AUDIENCE: Final = Work("plain", clients=2000)

PING_PONG: Final = Scenario(
    "ping-pong",
    "100 clients, each with one message of 100 B on its way",
    traffic,
    [
        bridge("plain", SINGLE),
        bridge("plain", SINGLE, "interpreted"),
        bridge("plain", SINGLE, "xml"),
        bridge("v1", SINGLE),
        *relays(SINGLE),
    ],
    [
        Target("bridge plain", Figure.RATE, "≥", 1.0, TEXT.name),
        Target("bridge plain", Figure.RATE, "≥", 1.0, BINARY.name),
        Target("bridge plain", Figure.RATE, "≥", 1.6, NODE.name),
        Target("bridge plain", Figure.RATE, "≥", 9.0, WEBSOCKIFY.name),
        Target("bridge plain", Figure.RATE, "≥", 0.9, HAPROXY.name),
        Target("bridge plain", Figure.CPU, "≤", 1.2, HAPROXY.name),
        Target("bridge plain", Figure.P99, "≤", 1.3, HAPROXY.name),
    ],
)

IN_A_BATCH: Final = Scenario(
    "batch",
    "100 clients, each with 100 messages of 100 B on their way",
    traffic,
    [
        bridge("plain", BATCH),
        bridge("plain", BATCH, "interpreted"),
        bridge("plain", BATCH, "xml"),
        bridge("v1", BATCH),
        bridge("v1", BATCH, "interpreted"),
        bridge("v1", BATCH, "xml"),
        *relays(BATCH),
    ],
    [
        Target("bridge plain", Figure.RATE, "≥", 8.0, NODE.name),
        Target("bridge v1", Figure.RATE, "≥", 20.0, NODE.name),
    ],
)

OF_16_KB: Final = Scenario(
    "large",
    "100 clients, each with one message of 16 KB on its way",
    traffic,
    [
        bridge("plain", LARGE),
        bridge("plain", LARGE, "interpreted"),
        bridge("plain", LARGE, "xml"),
        bridge("v1", LARGE),
        *relays(LARGE),
    ],
    [
        Target("bridge plain", Figure.RATE, "≥", 2.0, NODE.name),
        Target("bridge plain", Figure.RATE, "≥", 0.4, FORWARDER.name),
    ],
)

LONG_POLL: Final = Scenario(
    "long-poll",
    "50 clients without WebSocket, each with one message of 100 B on its way",
    traffic,
    [
        bridge("long-poll", POLLING),
        bridge("long-poll-combined", POLLING),
        bridge("long-poll", POLLING, "interpreted"),
        bridge("long-poll-combined", POLLING, "interpreted"),
        bridge("long-poll", POLLING, "xml"),
        bridge("long-poll-combined", POLLING, "xml"),
        peer(ENGINE, "engine.io", POLLING),
    ],
    [
        Target("bridge long-poll", Figure.RATE, "≥", 1.0, ENGINE.name),
        Target("bridge long-poll combined", Figure.RATE, "≥", 1.7, ENGINE.name),
    ],
)

IDLE: Final = Scenario(
    "idle",
    "5,000 sessions that are open and quiet",
    idling,
    [
        bridge("v1", CROWD),
        bridge("plain", CROWD),
        bridge("raw", CROWD),
        bridge("long-poll", CROWD),
        bridge("event-stream", CROWD),
        bridge("v1", CROWD, "interpreted"),
        bridge("v1", CROWD, "xml"),
        peer(NODE, "plain", CROWD),
        peer(ENGINE, "engine.io", CROWD),
    ],
    [Target("bridge v1", Figure.MEMORY, "≤", 10.0)],
)

OPENING: Final = Scenario(
    "opening",
    "50 clients, each of which opens sessions and closes them, one at a time",
    opening,
    [
        bridge("plain", FEW),
        bridge("v1", FEW),
        bridge("plain", FEW, "interpreted"),
        bridge("plain", FEW, "xml"),
        peer(NODE, "plain", FEW),
    ],
    [Target("bridge plain", Figure.OPENS, "≥", 1.0, NODE.name)],
)

IN_A_CROWD: Final = Scenario(
    "crowd",
    "50 clients, each with one message of 100 B on its way, alone and beside 4,950 quiet ones",
    traffic,
    [
        bridge("plain", FEW, note="alone"),
        bridge("plain", CROWD, note="in the crowd"),
        bridge("v1", FEW, note="alone"),
        bridge("v1", CROWD, note="in the crowd"),
        bridge("plain", FEW, "interpreted", note="alone"),
        bridge("plain", CROWD, "interpreted", note="in the crowd"),
        bridge("v1", FEW, "interpreted", note="alone"),
        bridge("v1", CROWD, "interpreted", note="in the crowd"),
        bridge("plain", FEW, "xml", note="alone"),
        bridge("plain", CROWD, "xml", note="in the crowd"),
        bridge("v1", FEW, "xml", note="alone"),
        bridge("v1", CROWD, "xml", note="in the crowd"),
    ],
    [
        Target("bridge plain in the crowd", Figure.CPU, "≤", 1.15, "bridge plain alone"),
        Target("bridge v1 in the crowd", Figure.CPU, "≤", 1.15, "bridge v1 alone"),
    ],
)

ONE_TO_MANY: Final = Scenario(
    "push",
    "One message of 100 B from the daemon to each of 2,000 clients",
    pushing,
    [
        bridge("plain", AUDIENCE),
        bridge("v1", AUDIENCE),
        bridge("plain", AUDIENCE, "interpreted"),
        bridge("plain", AUDIENCE, "xml"),
        peer(NODE, "plain", AUDIENCE),
    ],
    [Target("bridge plain", Figure.RATE, "≥", 2.0, NODE.name)],
)

SCENARIOS: Final = (
    PING_PONG,
    IN_A_BATCH,
    OF_16_KB,
    LONG_POLL,
    IDLE,
    OPENING,
    IN_A_CROWD,
    ONE_TO_MANY,
)

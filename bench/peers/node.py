"""What a user would write in Node: WebSocket with `ws` or long-poll with `engine.io`, and `net`."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from bench.peers.peer import Peer, Place

FOLDER: Final = Path(__file__).parent


def command(script: str, place: Place) -> Sequence[str]:
    """Both scripts are told their port and the daemon's."""
    return ["node", str(FOLDER / script), str(place.port), str(place.daemon_port)]


NODE: Final = Peer("Node ws", partial(command, "websocket.mjs"))
ENGINE: Final = Peer("Engine.IO", partial(command, "polling.mjs"))

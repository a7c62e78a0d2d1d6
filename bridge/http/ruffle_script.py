"""`/ruffle.js`: tells Ruffle which sockets of its movies go through the bridge."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.resources import files
from typing import Final

from bridge.config import DaemonConfig
from bridge.config.address import HostPort, parse_host_port
from bridge.http.pages import CONTENT_TYPES, Page

PATH: Final = "ruffle.js"


def ruffle_script(daemons: Mapping[str, DaemonConfig]) -> Page:
    """The script for these daemons: a function, and its call with what they are to movies."""
    function = files("bridge").joinpath("web", f"{PATH}.template").read_text()
    ways = [
        {"host": known.host, "port": known.port, "daemon": name}
        for name, daemon in daemons.items()
        for known in known_to_movies(daemon)
    ]
    body = f"{function.rstrip()}({json.dumps(ways)});\n"
    return Page(PATH, body.encode(), CONTENT_TYPES["js"])


def known_to_movies(daemon: DaemonConfig) -> Iterator[HostPort]:
    """What a movie may connect to and mean this daemon: those aliases that are host and port."""
    for alias in daemon.aliases:
        with suppress(ValueError):
            yield parse_host_port(alias)
